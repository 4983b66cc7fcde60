package dev.linnet.gateway.feed;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says when the API goes away, and when it is back: watches connect again and again without a word to whoever reads them. */
final class ApiAbsence implements Interceptor {
    static final String NAME = "linnet-api-absence";
    private static final Logger log = LoggerFactory.getLogger(ApiAbsence.class);

    /** False also before the first answer: whoever asks for the first time hears of the failure himself. */
    private final AtomicBoolean there = new AtomicBoolean();

    private final AtomicBoolean away = new AtomicBoolean();

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        there.set(true);
        if (away.get() && away.compareAndSet(true, false)) {
            log.atInfo().addKeyValue("host", request.uri().getAuthority()).log("Kubernetes API is back");
        }
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        if (there.get() && away.compareAndSet(false, true)) {
            log.atWarn()
                    .addKeyValue("host", request.uri().getAuthority())
                    .addKeyValue("cause", failure.toString())
                    .log("Kubernetes API is away, trying again; the last routes stay in force");
        }
    }
}
