package dev.linnet.routing;

/** One rule of a canary, ready to be asked about bytes. */
@FunctionalInterface
interface Selection {
    /** The canary has no such rule. */
    Selection ABSENT = (_, _) -> Verdict.PASSES;

    Verdict ask(RequestView request, Dealer dealer);
}
