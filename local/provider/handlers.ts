import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import type { Failure } from "./coerce";
import { construct } from "./construct";
import type { Difference } from "./diff";
import { InitFailed } from "./init-failed";
import { invoke } from "./invokes";
import { NotSettled } from "./patient-host";
import { Empty, type Struct } from "./protobuf";
import type { Host, Resources, Target } from "./resources";
import type { Handler } from "./rpc-server";
import { conceal, reveal } from "./secrets";
import { fromStruct, toStruct, type Values } from "./values";

/** Of `@pulumi/aws`, whose types the tables repeat. */
const VERSION = "7.48.0";

const kinds = {
  add: [proto.PropertyDiff.Kind.ADD, proto.PropertyDiff.Kind.ADD_REPLACE],
  delete: [proto.PropertyDiff.Kind.DELETE, proto.PropertyDiff.Kind.DELETE_REPLACE],
  update: [proto.PropertyDiff.Kind.UPDATE, proto.PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

function target(request: { getUrn(): string; getId?(): string }): Target {
  const urn = request.getUrn();
  const qualified = urn.split("::")[2]!;
  return { urn, type: qualified.slice(qualified.lastIndexOf("$") + 1), id: request.getId?.() ?? "" };
}

function fill<T>(message: T, into: (message: T) => void): T {
  into(message);
  return message;
}

function failures(found: Failure[]): proto.CheckFailure[] {
  return found.map(({ property, reason }) =>
    fill(new proto.CheckFailure(), (failure) => failure.setProperty(property).setReason(reason)),
  );
}

function diffResponse({ changes, deleteBeforeReplace }: Difference): proto.DiffResponse {
  return fill(new proto.DiffResponse(), (response) => {
    const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
    response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setHasdetaileddiff(true);
    response.setDeletebeforereplace(deleteBeforeReplace);
    response.setDiffsList([...new Set(changes.map((change) => change.property))]);
    response.setReplacesList([
      ...new Set(changes.filter((c) => c.replaces).map((change) => change.property)),
    ]);
    for (const change of changes) {
      const one = new proto.PropertyDiff();
      one.setKind(kinds[change.kind][change.replaces ? 1 : 0]);
      one.setInputdiff(true);
      response.getDetaileddiffMap().set(change.path, one);
    }
  });
}

/** The values behind the secrets. */
function plain(struct: Struct | undefined): Values {
  return reveal(fromStruct(struct));
}

/**
 * Resources come as their ids. Secrets are accepted, for the engine lets only such a provider make components; so
 * they are unwrapped here, and marked again in what goes back.
 */
function lifecycle(configure: (region: string | undefined) => void): Record<string, Handler> {
  return {
    handshake: () =>
      fill(new proto.ProviderHandshakeResponse(), (response) => response.setAcceptSecrets(true)),
    attach: () => new Empty(),
    cancel: () => new Empty(),
    getPluginInfo: () => fill(new plugin.PluginInfo(), (info) => info.setVersion(VERSION)),
    getSchema: () => fill(new proto.GetSchemaResponse(), (response) => response.setSchema("{}")),
    checkConfig: (request: proto.CheckRequest) =>
      fill(new proto.CheckResponse(), (response) => response.setInputs(request.getNews())),
    diffConfig: () => new proto.DiffResponse(),
    configure: (request: proto.ConfigureRequest) => {
      const { region } = fromStruct(request.getArgs());
      configure(typeof region === "string" ? region : request.getVariablesMap().get("aws:config:region"));
      return fill(new proto.ConfigureResponse(), (response) => {
        response.setAcceptsecrets(true);
        response.setAcceptresources(false);
        response.setSupportspreview(true);
      });
    },
  };
}

function planning(resources: Resources, region: () => string): Record<string, Handler> {
  return {
    check: (request: proto.CheckRequest) => {
      const { urn, type } = target(request);
      const news = fromStruct(request.getNews());
      const { inputs, failures: found } = resources.check(type, {
        name: urn.split("::").slice(3).join("::"),
        olds: plain(request.getOlds()),
        news: reveal(news),
        randomSeed: request.getRandomseed_asU8(),
        region: region(),
      });
      return fill(new proto.CheckResponse(), (response) =>
        response.setInputs(toStruct(conceal(inputs, news))).setFailuresList(failures(found)),
      );
    },
    diff: (request: proto.DiffRequest) =>
      diffResponse(resources.diff(target(request), plain(request.getOldInputs()), plain(request.getNews()))),
  };
}

function changing(resources: Resources): Record<string, Handler> {
  return {
    create: async (request: proto.CreateRequest) => {
      const values = fromStruct(request.getProperties());
      const { id, state } = await resources
        .create(target(request), reveal(values), request.getPreview())
        .catch((error) => {
          if (!(error instanceof NotSettled)) throw error;
          throw new InitFailed(error.message, error.id, toStruct(conceal(error.outputs, values)));
        });
      return fill(new proto.CreateResponse(), (response) =>
        response.setId(id).setProperties(toStruct(conceal(state, values))),
      );
    },
    update: async (request: proto.UpdateRequest) => {
      const news = fromStruct(request.getNews());
      const state = await resources.update(
        target(request),
        plain(request.getOlds()),
        plain(request.getOldInputs()),
        reveal(news),
        request.getPreview(),
      );
      return fill(new proto.UpdateResponse(), (response) =>
        response.setProperties(toStruct(conceal(state, news))),
      );
    },
    read: async (request: proto.ReadRequest) => {
      const inputs = fromStruct(request.getInputs());
      const found = await resources.read(target(request), reveal(inputs));
      return fill(new proto.ReadResponse(), (response) => {
        if (!found) return;
        response
          .setId(request.getId())
          .setProperties(toStruct(found.state))
          .setInputs(toStruct(found.inputs));
      });
    },
    delete: async (request: proto.DeleteRequest) => {
      await resources.remove(target(request));
      return new Empty();
    },
  };
}

/** Every rpc that Nami's provider answers, by its name in the protocol. */
export function handlers(resources: Resources, host: Host, defaultRegion: string): Record<string, Handler> {
  let region = defaultRegion;
  return {
    // awsx shares the server and is configured without a region.
    ...lifecycle((configured) => {
      region = configured ?? region;
    }),
    ...planning(resources, () => region),
    ...changing(resources),
    invoke: async (request: proto.InvokeRequest) => {
      const answer = await invoke(request.getTok(), plain(request.getArgs()), region, host);
      return fill(new proto.InvokeResponse(), (response) => response.setReturn(toStruct(answer)));
    },
    construct: (request: proto.ConstructRequest) => construct(request, region, VERSION),
  };
}
