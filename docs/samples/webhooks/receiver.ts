// Receives webhooks of Rushes with nothing but Node.
//
//     WEBHOOK_SECRET=whsec_... node --experimental-strip-types receiver.ts     (Node 22.6 or newer; no flag from 23.6)
//     tsc --module commonjs --target es2022 receiver.ts; WEBHOOK_SECRET=whsec_... node receiver.js
//
// The package `standardwebhooks` does the same as verify().
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";

const secret: string = process.env.WEBHOOK_SECRET ?? "";
if (!secret.startsWith("whsec_")) throw new Error("WEBHOOK_SECRET is missing");
// The key is what the base64 stands for, not the text.
const key: Buffer = Buffer.from(secret.slice("whsec_".length), "base64");
const toleranceSeconds = 300;
const bodyBytesMax = 64 * 1024;

// Yours is a table with a unique key: a webhook may come twice, and a restart forgets this set.
const seen = new Set<string>();

type Fields = { id: string; timestamp: string; signatures: string };

function verify(body: Buffer, fields: Fields, nowSeconds: number): boolean {
  if (!/^\d+$/.test(fields.timestamp)) return false;
  if (Math.abs(nowSeconds - Number(fields.timestamp)) > toleranceSeconds) return false;
  // The bytes as they came: JSON that was read and written again has another signature.
  const signed = Buffer.concat([Buffer.from(`${fields.id}.${fields.timestamp}.`), body]);
  const expected = createHmac("sha256", key).update(signed).digest();
  // There are several while the secret is being changed; one that fits is enough.
  return fields.signatures.split(" ").some((item) => {
    const [version, text] = item.split(",", 2);
    const given = Buffer.from(text ?? "", "base64");
    return version === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > bodyBytesMax) throw new Error("too long");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

const server = createServer(async (request, response) => {
  try {
    const field = (name: string): string => String(request.headers[name] ?? "");
    const fields = {
      id: field("webhook-id"),
      timestamp: field("webhook-timestamp"),
      signatures: field("webhook-signature"),
    };
    const body = await read(request);
    if (!verify(body, fields, Date.now() / 1000)) {
      response.writeHead(400).end();
      return;
    }
    if (!seen.has(fields.id)) {
      seen.add(fields.id);
      // Put it into a queue here; what takes longer than a moment is done after the answer.
      console.log(JSON.parse(body.toString("utf8")).type, fields.id);
    }
    response.writeHead(204).end();
  } catch {
    response.writeHead(400).end();
  }
});

const port = Number(process.env.PORT ?? "3000");
server.listen(port, "127.0.0.1", () => console.error(`listening on port ${port}`));
