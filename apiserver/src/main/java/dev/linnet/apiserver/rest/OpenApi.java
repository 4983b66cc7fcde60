package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;

/** The documents below {@code /openapi}. */
public interface OpenApi {
    Reply answer(Call call);
}
