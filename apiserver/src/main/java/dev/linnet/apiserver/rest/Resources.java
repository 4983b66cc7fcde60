package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.access.ServiceAccountTokens;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.kinds.ResourceKind.ScalePaths;

/** The verbs of all resources and subresources. */
final class Resources {
    private final Reads reads;
    private final Watches watches;
    private final Creation creation;
    private final Changes changes;
    private final Patching patching;
    private final Deletion deletion;
    private final Scales scales;
    private final PodActions podActions;
    private final PodLogs podLogs;
    private final PodStreams podStreams;
    private final ProxiedCalls proxiedCalls;
    private final TokenRequests tokenRequests;

    /** What is behind Pods and Services, and not in the store. */
    record Behind(PodLogs logs, PodStreams streams, ProxiedCalls proxiedCalls) {}

    Resources(Workshop workshop, Behind behind, ServiceAccountTokens tokens) {
        this.reads = new Reads(workshop.store(), workshop.views());
        this.watches = new Watches(workshop.store(), workshop.views(), workshop.random());
        this.creation = new Creation(workshop);
        this.changes = new Changes(workshop);
        this.patching = new Patching(workshop, changes);
        this.deletion = new Deletion(workshop);
        this.scales = new Scales(workshop, changes, patching);
        this.podActions = new PodActions(workshop, changes, deletion);
        this.podLogs = behind.logs();
        this.podStreams = behind.streams();
        this.proxiedCalls = behind.proxiedCalls();
        this.tokenRequests = new TokenRequests(workshop, tokens);
    }

    /** What a call wants to do, in RBAC's words. */
    static String verb(Call call, ResourcePaths.Parts parts) {
        boolean collection = parts.name().isEmpty();
        return switch (call.method()) {
            case "GET", "HEAD" -> !collection ? "get" : call.query().flag("watch") ? "watch" : "list";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> collection ? "deletecollection" : "delete";
            default -> throw ApiFailure.methodNotAllowed(ApiFailure.Subject.NONE);
        };
    }

    Reply answer(Call call, Target target, String verb) {
        if (!target.subresource().isEmpty()) {
            return subresource(call, target, verb);
        }
        boolean named = !target.name().isEmpty();
        boolean placed =
                !target.resource().kind().namespaced() || !target.namespace().isEmpty();
        return switch (verb) {
            case "get" -> reads.get(call, target);
            case "list" -> reads.list(call, target);
            case "watch" -> watches.watch(call, target);
            case "create" -> require(!named && placed, target, () -> creation.create(call, target));
            case "update" -> require(named, target, () -> changes.update(call, target));
            case "patch" -> require(named, target, () -> patching.patch(call, target));
            case "delete" -> deletion.delete(call, target);
            case "deletecollection" -> require(placed, target, () -> deletion.deleteCollection(call, target));
            default -> throw ApiFailure.methodNotAllowed(target.subject());
        };
    }

    private interface Action {
        Reply run();
    }

    private static Reply require(boolean fits, Target target, Action action) {
        if (!fits) {
            throw ApiFailure.methodNotAllowed(target.subject());
        }
        return action.run();
    }

    private Reply subresource(Call call, Target target, String verb) {
        String resource = target.key().resource();
        String path = target.subresource();
        if (path.equals("status") && target.resource().kind().statusSubresource()) {
            return status(call, target, verb);
        }
        if (path.equals("scale")) {
            return scale(call, target, verb);
        }
        if (resource.equals("namespaces") && path.equals("finalize")) {
            return require(verb.equals("update"), target, () -> changes.update(call, target));
        }
        if (resource.equals("serviceaccounts") && path.equals("token")) {
            return require(verb.equals("create"), target, () -> tokenRequests.create(call, target));
        }
        boolean proxied = path.equals("proxy") || path.startsWith("proxy/");
        if (proxied && (resource.equals("pods") || resource.equals("services"))) {
            return proxiedCalls.carry(call, target);
        }
        if (!resource.equals("pods")) {
            throw Router.nowhere();
        }
        return switch (path) {
            case "log" -> require(verb.equals("get"), target, () -> podLogs.log(call, target));
            case "exec", "attach" -> podStreams.open(call, target, path);
            case "portforward" -> podStreams.open(call, target, "portForward");
            case "binding" -> require(verb.equals("create"), target, () -> podActions.bind(call, target));
            case "eviction" -> require(verb.equals("create"), target, () -> podActions.evict(call, target));
            default -> throw Router.nowhere();
        };
    }

    private Reply status(Call call, Target target, String verb) {
        return switch (verb) {
            case "get" -> reads.get(call, target);
            case "update" -> changes.update(call, target);
            case "patch" -> patching.patch(call, target);
            default -> throw ApiFailure.methodNotAllowed(target.subject());
        };
    }

    private Reply scale(Call call, Target target, String verb) {
        ScalePaths paths = target.resource().kind().scale().orElseThrow(Router::nowhere);
        return switch (verb) {
            case "get" -> scales.get(target, paths);
            case "update" -> scales.update(call, target, paths);
            case "patch" -> scales.patch(call, target, paths);
            default -> throw ApiFailure.methodNotAllowed(target.subject());
        };
    }
}
