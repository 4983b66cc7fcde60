package dev.linnet.cli.direct;

import dev.linnet.apiserver.http.DirectCalls;
import io.fabric8.kubernetes.client.http.HttpClient;

/**
 * What a Kubernetes client of this process takes for HTTP: its requests, with token and all, go to the API server here, and its answers come back, without a
 * connection, a handshake and buffers on both sides for each. Watches stream as ever. There are no WebSockets: clients that want them come over HTTPS.
 */
public final class DirectHttp implements HttpClient.Factory {
    private final DirectCalls calls;

    public DirectHttp(DirectCalls calls) {
        this.calls = calls;
    }

    @Override
    public HttpClient.Builder newBuilder() {
        return new DirectHttpBuilder(this);
    }

    DirectCalls calls() {
        return calls;
    }
}
