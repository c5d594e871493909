/** A QR code, dark on light in either colour scheme: many cameras read no other. */
import { useEffect, useState } from 'preact/hooks';

interface Drawing {
  readonly size: number;
  readonly path: string;
}

/** Takes up the room that the code will have. */
const NOT_DRAWN: Drawing = { size: 1, path: '' };

export function QrCode({ text, label }: { text: string; label: string }) {
  const [{ size, path }, setDrawing] = useState<Drawing>(NOT_DRAWN);
  useEffect(() => {
    // Loaded where it is wanted. Where that fails, there is the button that copies the link.
    draw(text).then(setDrawing, () => {});
  }, [text]);
  return (
    <svg class="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect class="qr-light" width={size} height={size} />
      <path class="qr-dark" d={path} />
    </svg>
  );
}

/** Each row of dark modules as one stroke. */
async function draw(text: string): Promise<Drawing> {
  const { encode } = await import('uqr');
  const { data, size } = encode(text, { ecc: 'M', border: 3 });
  let path = '';
  data.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      const start = x;
      while (row[x]) x++;
      if (x > start) path += `M${start} ${y}h${x - start}v1h${start - x}z`;
    }
  });
  return { size, path };
}
