// Others' composer and router: a line of JSON in, a line of JSON out.
//
// Composes sets of subgraphs with @theguild/federation-composition:
// In:  [{ "name": "…", "url": "…", "sdl": "…" }]
// Out: { "supergraph": "…" } or { "errors": [{ "code": "…", "message": "…" }] } or { "broke": "…" }
//
// Loads a supergraph as routers on @graphql-tools/federation do, and gives the schema that they would serve:
// In:  { "supergraph": "…" }
// Out: { "api": "…" } or { "broke": "…" }
import { createInterface } from "node:readline";
import { parse, printSchema } from "graphql";
import { getStitchedSchemaFromSupergraphSdl } from "@graphql-tools/federation";
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

function loaded(supergraphSdl) {
  try {
    return { api: printSchema(getStitchedSchemaFromSupergraphSdl({ supergraphSdl })) };
  } catch (error) {
    return { broke: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  console.log(JSON.stringify(Array.isArray(asked) ? composed(asked) : loaded(asked.supergraph)));
}
