package dev.linnet.routing;

/** What one selector of a canary says to a request. */
enum Verdict {
    /** The canary takes the request. */
    TAKES,
    /** The canary will not have it, whatever its other selectors say. */
    REFUSES,
    /** The next selector is asked. */
    PASSES
}
