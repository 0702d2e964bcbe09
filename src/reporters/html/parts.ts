import type { Finding, Status } from '../../checkers/checker.ts';
import { type Content, type Html, html } from './template.ts';

const signs: { readonly [S in Status]: string } = { pass: '✓', inconclusive: '?', fail: '✕' };

/** A verdict as a word with a sign before it: never by colour alone. */
export function badge(status: Status): Html {
  return html`<span class="badge ${status}"><span aria-hidden="true">${signs[status]}</span> ${status}</span>`;
}

/** A section with a heading that the table of contents leads to; nothing where there is nothing to say. */
export interface Part {
  readonly id: string;
  readonly title: string;
  readonly body: Content;
}

export function section({ id, title, body }: Part): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}
</section>`;
}

/** A table that scrolls within itself where it is wider than a phone. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Content[])[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([
      first = '',
      ...cells
    ]) => html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
  )}</tbody>
</table></div>`;
}

export function findingList(findings: readonly Finding[]): Content {
  if (findings.length === 0) return html`<p class="quiet">No finding.</p>`;
  return html`<ul class="findings">${findings.map(findingItem)}</ul>`;
}

function findingItem({ status, message, where, todo, details = [], rule, figures }: Finding): Html {
  const verdict = figures?.checked === false ? html`<span class="badge">not checked</span>` : badge(status);
  return html`<li class="${status}">${verdict} <span class="message">${message}</span>
<span class="meta">${where !== undefined && html`<code>${where}</code> `}<span class="rule">${rule}</span></span>
${todo !== undefined && html`<p class="todo"><strong>To do:</strong> ${todo}</p>`}
${details.length > 0 && html`<pre tabindex="0">${details.join('\n')}</pre>`}</li>
`;
}
