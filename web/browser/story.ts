// A story file: what is given, what happens, in order. Owns reading it and what the world outside the desk does.
import { readFileSync } from 'node:fs'
import { parse } from 'smol-toml'
import { instant, length } from './times'
import type { World } from './world'

export type Fields = Record<string, unknown>

export interface Story {
  title: string
  start: string
  given?: { order?: Fields[]; product?: Fields[]; stock?: Fields[] }
  step: Fields[]
}

export const readStory = (name: string): Story => parse(readFileSync(`../stories/${name}.toml`, 'utf8')) as unknown as Story

const fen = (amount: unknown): number => Math.round(Number(amount) * 100)

/** The world's own doings: orders, parcels, the platform, time. Each answers whether it knew the verb. */
export class Outside {
  private readonly orders = new Map<string, Fields>()

  constructor(
    private readonly world: World,
    private readonly story: Story,
    private readonly shop: string,
  ) {}

  private at(text: unknown): number {
    return instant(String(text), this.world.now(), Date.parse(this.story.start))
  }

  private iso(at: number): string {
    return new Date(at).toISOString()
  }

  private tell(path: string, body: unknown) {
    return this.world.call('admin', 'POST', `/shops/${this.shop}/${path}`, body)
  }

  async given(): Promise<void> {
    const { product, stock, order } = this.story.given ?? {}
    // Stories tell of the hold only where they mean it.
    await this.tell('settings', { hold_s: 0 })
    if (product) await this.tell('products', product)
    if (stock) await this.tell('stock', stock)
    for (const one of order ?? []) await this.order(one)
  }

  /** Moves the clock as the step says. */
  async timePasses(step: Fields): Promise<void> {
    if (step.at) await this.world.moveTo(this.at(step.at))
    if (step.after) await this.world.moveTo(this.world.now() + length(String(step.after)))
  }

  async plays(step: Fields): Promise<boolean> {
    switch (step.do) {
      case 'order':
        await this.order(step)
        return true
      case 'ship':
        await this.ship(step)
        return true
      case 'deliver': {
        const by = String(step.by ?? 'self')
        await this.report(step, { state: by === 'self' ? 'signed_self' : 'signed_other', signed_by: by })
        if (step.order && !step.waybill) await this.again(String(step.order), { signed_at: this.iso(this.world.now()) })
        return true
      }
      case 'refuse':
        await this.report(step, { state: 'refused' })
        return true
      case 'track': {
        const {
          do: _,
          at: __,
          after: ___,
          as: ____,
          expect: _____,
          order: ______,
          waybill: _______,
          carrier: ________,
          ...event
        } = step
        await this.report(step, event)
        return true
      }
      case 'platform': {
        const { do: _, act, order, amount, at: __, after: ___, expect: ____, ...rest } = step
        await this.world.platform('/act', {
          ...rest,
          kind: act,
          order_no: order,
          ...(amount === undefined ? {} : { amount_minor: fen(amount) }),
        })
        return true
      }
      case 'faults': {
        const { do: _, at: __, after: ___, expect: ____, ...plan } = step
        await this.world.platform('/faults', plan)
        return true
      }
      case 'callbacks':
        await this.world.settle(true)
        return true
      case 'clock':
        await this.world.moveTo(step.to ? this.at(step.to) : this.world.now() + length(String(step.by)))
        return true
      default:
        return false
    }
  }

  private async order(it: Fields): Promise<void> {
    const no = String(it.order)
    const lines = (it.lines as Fields[]).map((row) => {
      const { paid, list, ...rest } = row
      return { title: row.sku, quantity: 1, ...rest, paid_minor: fen(paid), list_minor: fen(list ?? paid) }
    })
    const freight = fen(it.freight ?? 0)
    const total = lines.reduce((sum, row) => sum + row.paid_minor, 0) + freight
    const payments = ((it.payments as Fields[] | undefined) ?? [{ no: 'P1', amount: total / 100 }]).map((row) => ({
      payment_no: row.no,
      captured_minor: fen(row.amount),
    }))
    const name = String(it.buyer ?? '王小明')
    const body: Fields = {
      order_no: no,
      lines,
      payments,
      freight_minor: freight,
      buyer: { external_id: name, name, phone: '10000001234', address: '浙江省杭州市余杭区未来路 1 号' },
      paid_at: this.iso(this.at(it.paid ?? '+0 s')),
    }
    for (const [short, long] of [
      ['shipped', 'shipped_at'],
      ['signed', 'signed_at'],
      ['completed', 'completed_at'],
    ] as const)
      if (it[short]) body[long] = this.iso(this.at(it[short]))
    for (const name of ['bulky', 'facts', 'currency']) if (it[name] !== undefined) body[name] = it[name]
    if (body.shipped_at) {
      const state = body.signed_at ? 'signed_self' : 'in_transit'
      body.parcels = [
        {
          carrier: it.carrier ?? '中通',
          waybill: it.waybill ?? `OUT-${no}`,
          state,
          shipped_at: body.shipped_at,
          signed_at: body.signed_at,
        },
      ]
    }
    const known = {
      order_no: no,
      shop: this.shop,
      payments,
      shipped: Boolean(body.shipped_at),
      intercept_fails: it.intercept_fails ?? false,
    }
    await this.world.platform('/orders', known)
    await this.tell('orders', body)
    this.orders.set(no, body)
  }

  private async again(no: string, later: Fields): Promise<void> {
    const body = { ...this.orders.get(no), ...later }
    this.orders.set(no, body)
    await this.tell('orders', body)
  }

  private async ship(step: Fields): Promise<void> {
    const no = String(step.order)
    await this.world.platform(`/orders/${no}`, { shipped: true })
    const now = this.iso(this.world.now())
    const parcel = { carrier: step.carrier ?? '中通', waybill: step.waybill ?? `OUT-${no}`, state: 'picked_up', shipped_at: now }
    await this.again(no, { shipped_at: now, parcels: [parcel] })
  }

  private async report(step: Fields, event: Fields): Promise<void> {
    const own = (this.orders.get(String(step.order))?.parcels as Fields[] | undefined)?.[0]
    const waybill = step.waybill ?? own?.waybill
    const carrier = step.carrier ?? (step.waybill ? '' : own?.carrier)
    await this.tell('tracking', { carrier, waybill, events: [{ ...event, at: this.iso(this.world.now()) }] })
  }
}
