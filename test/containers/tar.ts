const block = 512;

/** A tar file with these texts, readable for everybody; paths start from its root. */
export function tarOf(files: { readonly [path: string]: string }): Buffer {
  const parts = Object.entries(files).flatMap(([path, text]) => {
    const content = Buffer.from(text);
    return [
      header(path.replace(/^\//, ''), content.length),
      content,
      Buffer.alloc((block - (content.length % block)) % block),
    ];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

/** The text of a tar file's first member. */
export function firstFile(tar: Buffer): string {
  const size = Number.parseInt(tar.toString('ascii', 124, 136), 8);
  return tar.toString('utf8', block, block + size);
}

function header(name: string, size: number): Buffer {
  const head = Buffer.alloc(block);
  head.write(name, 0, 100);
  head.write('0000644\0', 100);
  head.write('0000000\0', 108);
  head.write('0000000\0', 116);
  head.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  head.write('00000000000\0', 136);
  head.write('        ', 148);
  head.write('0', 156);
  head.write('ustar\0', 257);
  head.write('00', 263);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return head;
}
