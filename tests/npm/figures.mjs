// What the tests have counted, as tables: node tests/npm/figures.mjs FILE
//
// A line of the file is a table, a row, a column and a value, with tabs between. Counts of one
// place are added up.
import { readFileSync } from 'node:fs'

const tables = new Map()
for (const line of readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).sort()) {
  const [table, row, column, value] = line.split('\t')
  const rows = tables.get(table) ?? tables.set(table, new Map()).get(table)
  const cells = rows.get(row) ?? rows.set(row, new Map()).get(row)
  const old = cells.get(column)
  cells.set(column, old !== undefined && !isNaN(value) ? String(+old + +value) : value)
}
for (const [table, rows] of tables) {
  const columns = [...new Set([...rows.values()].flatMap(cells => [...cells.keys()]))]
  const width = Math.max(table.length, ...[...rows.keys()].map(row => row.length + 2))
  console.log([table.padEnd(width), ...columns].join('  '))
  for (const [row, cells] of rows)
    console.log([`  ${row}`.padEnd(width), ...columns.map(column =>
      (cells.get(column) ?? '–').padStart(column.length))].join('  '))
  console.log()
}
if (tables.size === 0) process.exitCode = 1
