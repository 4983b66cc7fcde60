package dev.linnet.apiserver.http;

/** Answers calls. Called on a virtual thread per call; may block. */
public interface Answerer {

    /** What it throws as {@link dev.linnet.apiserver.failure.ApiFailure} becomes a Status object. */
    Reply answer(Call call);
}
