package dev.linnet.samples.serving;

/** Answers the requests that come in on one port. Called on a virtual thread, by many at once; may block. */
@FunctionalInterface
public interface Site {
    Reply answer(Call call) throws Exception;
}
