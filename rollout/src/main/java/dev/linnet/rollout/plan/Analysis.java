package dev.linnet.rollout.plan;

import java.util.List;

/**
 * How a new version is tried out.
 *
 * @param strategy how it gets traffic
 * @param checks   what it must pass
 * @param hooks    the webhooks, in the author's order
 * @param audience which requests count at all ({@code analysis.match}); empty for all. With a weighted strategy the canary gets its share of
 *                 these
 * @param affinity whether users keep their version
 */
public record Analysis(Strategy strategy, Checks checks, List<Hook> hooks, List<Match> audience, Affinity affinity) {
    public Analysis {
        hooks = List.copyOf(hooks);
        audience = List.copyOf(audience);
    }

    public List<Hook> hooks(HookType type) {
        return hooks.stream().filter(hook -> hook.type() == type).toList();
    }

    public boolean has(HookType type) {
        return hooks.stream().anyMatch(hook -> hook.type() == type);
    }
}
