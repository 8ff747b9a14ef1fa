// The key of a command. Owns the rule: one key for one intent, kept over retries, a new one once it is done or changed.

/** Hands out the key for each attempt of what a person wants. */
export class Intent {
  private said = ''
  private key = ''

  /** The key for this content: the one used before when the content is the same. */
  keyFor(content: unknown): string {
    const now = JSON.stringify(content) ?? ''
    if (!this.key || now !== this.said) {
      this.said = now
      this.key = crypto.randomUUID()
    }
    return this.key
  }

  /** It was carried out or refused; wanting the same again is a new intent. What was said is forgotten. */
  done(): void {
    this.key = ''
    this.said = ''
  }
}
