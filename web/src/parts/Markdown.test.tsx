import { render } from '@testing-library/react'
import { expect, it } from 'vitest'
import { Markdown } from './Markdown'

it('draws headings, lists, tables and marks, and takes no HTML in', () => {
  const { container } = render(
    <Markdown
      text={
        '# 大件破损\n\n一段 **重** 的 `x`\n<img src=x onerror=alert(1)>\n\n- 甲\n- 乙\n\n1. 一\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> 说'
      }
    />,
  )
  const names = [...container.querySelectorAll('article *')].map((it) => it.tagName.toLowerCase())
  expect(names).toEqual([
    'h1',
    'p',
    'b',
    'code',
    'ul',
    'li',
    'li',
    'ol',
    'li',
    'table',
    'thead',
    'tr',
    'th',
    'th',
    'tbody',
    'tr',
    'td',
    'td',
    'blockquote',
  ])
  expect(container.textContent).toContain('<img src=x onerror=alert(1)>')
})
