package dev.linnet.samples.mesh;

import dev.linnet.samples.Sample;
import dev.linnet.samples.serving.Output;
import dev.linnet.samples.serving.Served;
import dev.linnet.samples.serving.SharedServer;
import java.io.IOException;
import java.net.URI;

/**
 * Passes each request on to {@code $BACKEND}, else {@code http://backend}, and the answer back with a header
 * {@code x-frontend} that tells its own version, which is the tag of its image.
 */
public final class Frontend implements Sample {
    private static final int PORT = 80;

    private final SharedServer server;

    public Frontend(SharedServer server) {
        this.server = server;
    }

    @Override
    public String name() {
        return "frontend";
    }

    @Override
    public Running start(Setting setting) throws Exception {
        Output log = new Output(setting.log());
        URI backend = backend(setting.env().getOrDefault("BACKEND", "http://backend"));
        Served served = server.join(setting, log);
        try {
            PassingSite site = new PassingSite(setting.http(), backend, setting.tag(), log);
            served.listen(setting.realPort().applyAsInt(PORT), site);
        } catch (IOException e) {
            served.die(1);
            throw e;
        }
        log.line("frontend " + setting.tag() + " listens on port " + PORT + " and passes on to " + backend);
        return served.announcing(_ -> log.line("stopping"));
    }

    private static URI backend(String text) {
        if (text.matches("http://[^/?#\\s]+")) {
            return URI.create(text);
        }
        throw new IllegalArgumentException("BACKEND is " + text + " (expected: http://host or http://host:port)");
    }
}
