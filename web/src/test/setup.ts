// Before every unit test: texts in Chinese, a page that is empty again afterwards.
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'
import '@/i18n'

afterEach(cleanup)
