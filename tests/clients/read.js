// Reads a database with SQLite 3.22 of January 2018, as sql.js 0.5.0 has it, as read.py does with its clients:
// node read.js DATABASE QUESTIONS, the folder of sql.js in NODE_PATH.

const fs = require('fs');
const SQL = require('sql.js');

const [database, questions] = process.argv.slice(2);
const db = new SQL.Database(fs.readFileSync(database));

/** The rows of an answer. */
function rows(sql) {
  const [answer] = db.exec(sql);
  return answer ? answer.values : [];
}

/** The exact sum of plain decimals, as text. */
function total(texts) {
  const places = Math.max(...texts.map((text) => (text.split('.')[1] || '').length));
  const scaled = (text) => {
    const [whole, fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(places, '0'));
  };
  const sum = texts.reduce((sum, text) => sum + scaled(text), 0n);
  const digits = String(sum < 0n ? -sum : sum).padStart(places + 1, '0');
  const at = digits.length - places;
  return (sum < 0n ? '-' : '') + digits.slice(0, at) + (places ? '.' + digits.slice(at) : '');
}

const seen = { types: [], keys: [], counts: [], answers: [] };
for (const line of fs.readFileSync(questions, 'utf8').trimEnd().split('\n')) {
  const [, kind, what] = line.match(/^(\w+) (.*)$/);
  if (kind === 'describe') {
    seen.types.push(...rows(`PRAGMA table_info(${what})`).map(([, name, type]) => [what, name, type]));
  } else if (kind === 'count') {
    seen.counts.push([what, rows(`SELECT count(*) FROM ${what}`)[0][0]]);
  } else {
    seen.answers.push(rows(what).map((row) => row.map((value) => (value === null ? null : String(value)))));
  }
}
for (const [table] of rows("SELECT name FROM sqlite_master WHERE type = 'table'")) {
  const primary = rows(`PRAGMA table_info(${table})`).filter((row) => row[5]).sort((a, b) => a[5] - b[5]);
  seen.keys.push([table, primary.map((row) => row[1]).join(', '), 'primary key']);
  seen.keys.push(...rows(`PRAGMA foreign_key_list(${table})`).map((row) => [table, row[3], `${row[2]}.${row[4]}`]));
}
seen.total = total(rows('SELECT value_exact FROM flat_facts WHERE value_exact IS NOT NULL').map(([text]) => text));
process.stdout.write(JSON.stringify(seen));
