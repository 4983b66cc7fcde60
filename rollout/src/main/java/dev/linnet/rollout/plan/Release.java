package dev.linnet.rollout.plan;

/**
 * A Canary, read and checked: the plan of every release of its target.
 *
 * @param names    how its objects are called
 * @param kind     what the target is
 * @param routing  who routes
 * @param analysis how new versions are tried out
 * @param options  its switches
 */
public record Release(Names names, TargetKind kind, Routing routing, Analysis analysis, Options options) {}
