// Reads JSON-LD as others do: node tests/npm/linked-data.mjs <PAGES
//
// PAGES is a list of {page, base, data}: a page's name, its address (or null where it has none that
// is known) and what it says. Answers with a list of {page, faults, quads}: what is wrong with it, and the
// statements that a processor takes from it, in canonical N-Quads.
//
// The processor is Digital Bazaar's jsonld, in its safe mode, in which nothing may be lost. The vocabulary
// is that of schema.org as Google's schema-dts has it, and so is the context, which schema.org serves
// at an address that is never asked here: a property that takes an address and no text has addresses for values, one
// that takes a day has days (compare https://schema.org/docs/jsonldcontext.jsonld).
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const require = createRequire(import.meta.url)
const jsonld = require('jsonld')
const SCHEMA = 'http://schema.org/'

/** Classes with what they are kinds of and which properties they have; a property with its range. */
function vocabulary() {
  const text = readFileSync(require.resolve('schema-dts').replace(/[^/\\]*$/, 'schema.d.ts'), 'utf8')
  const classes = new Map()
  for (const [, name, above, body] of text.matchAll(/^(?:export )?interface (\w+?)(?:Base|Leaf) extends ([^{]+) \{\n([\s\S]*?)^\}/gm)) {
    const kind = classes.get(name) ?? classes.set(name, { above: new Set(), properties: new Map() }).get(name)
    for (const [, one] of above.matchAll(/(\w+)Base\b/g)) if (one !== name) kind.above.add(one)
    for (const [, property, range] of body.matchAll(/^    "(\w+)"\?: SchemaValue<([^,]+), /gm))
      kind.properties.set(property, range.split('|').map(one => one.trim()).filter(one => one !== 'IdReference'))
  }
  return classes
}

const classes = vocabulary()
const isKind = (name, of) => name === of || [...classes.get(name)?.above ?? []].some(above => isKind(above, of))
const rangeOf = (name, property) => classes.get(name)?.properties.get(property) ??
  [...classes.get(name)?.above ?? []].map(above => rangeOf(above, property)).find(Boolean)

const takesAddresses = range => range.includes('URL') && !range.includes('Text')
const context = { '@vocab': SCHEMA, type: '@type', id: '@id' }
for (const { properties } of classes.values())
  for (const [property, range] of properties)
    if (takesAddresses(range)) context[property] = { '@id': SCHEMA + property, '@type': '@id' }
    else if (range.includes('Date')) context[property] = { '@id': SCHEMA + property, '@type': SCHEMA + 'Date' }

const documentLoader = async url => {
  if (!/^https?:\/\/schema\.org\/?$/.test(url)) throw new Error(`${url} is not asked for anything`)
  return { contextUrl: null, documentUrl: url, document: { '@context': context } }
}

const list = value => (Array.isArray(value) ? value : [value])
const isAddress = text => /^https?:\/\/[^\s"<>\\^`{|}]+$/.test(text) && URL.canParse(text)

/** What is wrong with a node, beside what it became. */
function look(source, expanded, path, faults) {
  const fault = text => faults.push(`${path}: ${text}`)
  if (expanded === undefined) return fault('is lost')
  const type = source['@type'] ?? 'Thing'
  if (!classes.has(type)) fault(`schema.org knows no ${type}`)
  if (source['@type'] && expanded['@type']?.[0] !== SCHEMA + type) fault(`its type becomes ${expanded['@type']}`)
  if ('@id' in source && !isAddress(expanded['@id'])) fault(`${expanded['@id']} is no absolute address`)
  for (const [key, value] of Object.entries(source)) {
    if (key.startsWith('@')) continue
    const range = rangeOf(type, key)
    const became = expanded[SCHEMA + key] ?? []
    if (!range) fault(`${type} has no ${key}`)
    else if (became.length !== list(value).length) fault(`${key} had ${list(value).length} values, and has ${became.length}`)
    else list(value).forEach((one, at) => lookAtValue(one, became[at], range, `${path}.${key}[${at}]`, faults))
  }
}

function lookAtValue(one, became, range, path, faults) {
  const fault = text => faults.push(`${path}: ${text}`)
  if (one !== null && typeof one === 'object') {
    const type = one['@type'] ?? 'Thing'
    if (one['@type'] && !range.some(of => isKind(type, of))) fault(`takes ${range.join(' or ')} and is ${type}`)
    return look(one, became, path, faults)
  }
  if (typeof one !== 'string' || one.trim() === '') return fault(`${JSON.stringify(one)} says nothing`)
  if (takesAddresses(range)) {
    if (!isAddress(became['@id'])) fault(`${became['@id']} is no absolute address`)
  } else if (range.includes('Date')) {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(one) && new Date(one).toISOString().startsWith(one)
    if (!day) fault(`${one} is no day`)
  } else if (!range.includes('Text')) fault(`takes ${range.join(' or ')} and is a text`)
}

const answers = []
for (const { page, base, data } of JSON.parse(readFileSync(0, 'utf8'))) {
  const faults = []
  let quads = ''
  try {
    const options = { base: base ?? '', documentLoader, safe: true }
    const expanded = await jsonld.expand(data, options)
    if (data['@context'] !== 'https://schema.org') faults.push(`its context is ${data['@context']}`)
    if (expanded.length !== 1) faults.push(`it has ${expanded.length} subjects`)
    look(data, expanded[0], data['@type'], faults)
    quads = await jsonld.canonize(data, { ...options, algorithm: 'RDFC-1.0', format: 'application/n-quads' })
  } catch (error) {
    faults.push(`${error.message} ${JSON.stringify(error.details?.event ?? '')}`.trim())
  }
  answers.push({ page, faults, quads })
}
console.log(JSON.stringify(answers))
