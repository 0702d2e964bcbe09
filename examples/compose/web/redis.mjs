// As much of Redis' protocol as the guestbook needs: one connection a question.
import { connect } from 'node:net';

const withinMs = 400;

/** Asks one server one thing. Rejects with what it says, or when it says nothing in time. */
export function ask(host, password, ...words) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: 6379 });
    const timer = setTimeout(() => socket.destroy(new Error(`${host} does not answer`)), withinMs);
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (piece) => {
      text += piece;
      const login = reply(text, 0);
      const answer = login && reply(text, login.end);
      if (!answer) return;
      socket.end();
      const { error = login.error, value } = answer;
      if (error === undefined) resolve(value);
      else reject(new Error(`${host}: ${error}`));
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(timer);
      reject(new Error(`${host} closed the connection`));
    });
    socket.write(command('AUTH', password) + command(...words));
  });
}

function command(...words) {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** The reply that begins at `from`; null while a part of it is still to come. Texts are ASCII here. */
function reply(text, from) {
  const lineEnd = text.indexOf('\r\n', from);
  if (lineEnd === -1) return null;
  const rest = text.slice(from + 1, lineEnd);
  const end = lineEnd + 2;
  switch (text[from]) {
    case '-':
      return { error: rest, end };
    case '$': {
      const stop = end + Number(rest);
      return text.length < stop + 2 ? null : { value: text.slice(end, stop), end: stop + 2 };
    }
    case '*':
      return list(text, end, Number(rest));
    default:
      return { value: rest, end };
  }
}

function list(text, from, length) {
  const value = [];
  let end = from;
  while (value.length < length) {
    const item = reply(text, end);
    if (!item) return null;
    value.push(item.value);
    end = item.end;
  }
  return { value, end };
}
