// Browsers that record Opus put it into WebM; WhatsApp's voice notes are Opus in
// Ogg. This moves the packets from one wrapping to the other, sound untouched.

const SEGMENT = 0xa3;
const BLOCK = 0xa1;
const CODEC_PRIVATE = 0x63a2;
const CONTAINERS = new Set([0x18538067, 0x1f43b675, 0xa0, 0x1654ae6b, 0xae]);
const SAMPLES_PER_MS = 48;

/** Reads one EBML number; `keep` leaves the length marker in, as IDs have it. */
function number(bytes, at, keep) {
  const first = bytes[at];
  let size = 1;
  while (size <= 8 && !(first & (0x80 >> (size - 1)))) size += 1;
  let value = keep ? first : first & (0xff >> size);
  let unknown = !keep && value === 0xff >> size;
  for (let next = 1; next < size; next += 1) {
    value = value * 256 + bytes[at + next];
    unknown &&= bytes[at + next] === 0xff;
  }
  return { value: unknown ? Infinity : value, next: at + size };
}

/** The Opus header and packets in a WebM file. */
export function packets(bytes) {
  const found = [];
  let head = null;
  const walk = (from, to) => {
    let at = from;
    while (at < to - 1) {
      const id = number(bytes, at, true);
      const size = number(bytes, id.next, false);
      const end = Math.min(to, size.next + size.value);
      if (CONTAINERS.has(id.value)) {
        // A part of unknown length ends where its parent does; its siblings are met inside it.
        walk(size.next, end);
      } else if (id.value === SEGMENT || id.value === BLOCK) {
        const track = number(bytes, size.next, false);
        found.push(bytes.subarray(track.next + 3, end));
      } else if (id.value === CODEC_PRIVATE) head = bytes.subarray(size.next, end);
      at = end;
    }
  };
  walk(0, bytes.length);
  return { head, found };
}

/** How many samples at 48 kHz an Opus packet holds (RFC 6716, section 3.1). */
export function samples(packet) {
  const config = packet[0] >> 3;
  const silk = [10, 20, 40, 60];
  const ms = config < 12 ? silk[config & 3] : config < 16 ? [10, 20][config & 1] : [2.5, 5, 10, 20][config & 3];
  const code = packet[0] & 3;
  const frames = code === 0 ? 1 : code === 3 ? packet[1] & 63 : 2;
  return ms * SAMPLES_PER_MS * frames;
}

const CRC = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/** One Ogg page with one packet (RFC 3533, section 6). */
function page(packet, { flags, granule, serial, sequence }) {
  const lacing = Math.floor(packet.length / 255) + 1;
  const out = new Uint8Array(27 + lacing + packet.length);
  const view = new DataView(out.buffer);
  out.set([0x4f, 0x67, 0x67, 0x53, 0, flags]);
  view.setBigUint64(6, BigInt(granule), true);
  view.setUint32(14, serial, true);
  view.setUint32(18, sequence, true);
  out[26] = lacing;
  out.fill(255, 27, 27 + lacing - 1);
  out[27 + lacing - 1] = packet.length % 255;
  out.set(packet, 27 + lacing);
  let sum = 0;
  for (const byte of out) sum = ((sum << 8) ^ CRC[((sum >>> 24) ^ byte) & 0xff]) >>> 0;
  view.setUint32(22, sum, true);
  return out;
}

/**
 * A WebM recording as Ogg.
 * @param {Blob} webm
 * @param {number} serial Any number; names the stream within the file.
 * @returns {Promise<Blob | null>} `null` when there is no Opus in it.
 */
export async function oggFromWebm(webm, serial) {
  const { head, found } = packets(new Uint8Array(await webm.arrayBuffer()));
  const sound = found.filter((packet) => packet.length > 0 && packet.length < 255 * 255);
  if (!head || sound.length === 0) return null;
  const vendor = new TextEncoder().encode("wigwag");
  const tags = new Uint8Array(16 + vendor.length);
  tags.set(new TextEncoder().encode("OpusTags"));
  new DataView(tags.buffer).setUint32(8, vendor.length, true);
  tags.set(vendor, 12);
  const pages = [page(head, { flags: 2, granule: 0, serial, sequence: 0 }), page(tags, { flags: 0, granule: 0, serial, sequence: 1 })];
  let granule = new DataView(head.buffer, head.byteOffset).getUint16(10, true);
  sound.forEach((packet, index) => {
    granule += samples(packet);
    pages.push(page(packet, { flags: index === sound.length - 1 ? 4 : 0, granule, serial, sequence: index + 2 }));
  });
  return new Blob(pages, { type: "audio/ogg; codecs=opus" });
}
