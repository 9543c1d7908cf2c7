// Composes sets of subgraphs with @theguild/federation-composition: a line of JSON in, a line of JSON out.
// In:  [{ "name": "…", "url": "…", "sdl": "…" }]
// Out: { "supergraph": "…" } or { "errors": [{ "code": "…", "message": "…" }] } or { "broke": "…" }
import { createInterface } from "node:readline";
import { parse } from "graphql";
import { composeServices } from "@theguild/federation-composition";

function composed(subgraphs) {
  try {
    const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
    const { errors, supergraphSdl } = composeServices(services);
    if (errors) {
      return { errors: errors.map(({ message, extensions }) => ({ code: String(extensions?.code), message })) };
    }
    return { supergraph: supergraphSdl };
  } catch (error) {
    return { broke: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(composed(JSON.parse(line))));
}
