package dev.linnet.cli.direct;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Makes clients, and others that share what these have under way. */
final class DirectHttpBuilder extends StandardHttpClientBuilder<DirectHttpClient, DirectHttp, DirectHttpBuilder> {
    DirectHttpBuilder(DirectHttp factory) {
        super(factory);
    }

    @Override
    public HttpClient build() {
        @Nullable DirectHttpClient origin = client;
        return origin == null
                ? new DirectHttpClient(this, new AtomicBoolean(), new UnderWay())
                : new DirectHttpClient(this, origin.getClosed(), origin.underWay());
    }

    /** There is nothing to encrypt. */
    @Override
    public DirectHttpBuilder sslContext(KeyManager[] keys, TrustManager[] trusted) {
        return this;
    }

    @Override
    protected DirectHttpBuilder newInstance(DirectHttp factory) {
        return new DirectHttpBuilder(factory);
    }
}
