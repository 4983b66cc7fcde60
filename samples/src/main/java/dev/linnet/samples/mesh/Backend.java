package dev.linnet.samples.mesh;

import dev.linnet.samples.Sample;
import dev.linnet.samples.serving.Output;
import dev.linnet.samples.serving.Reply;
import dev.linnet.samples.serving.Served;
import dev.linnet.samples.serving.SharedServer;
import java.io.IOException;

/** Tells on port 80 which version it is: {@code backend v2}. The tag of its image is the version. */
public final class Backend implements Sample {
    private static final int PORT = 80;

    private final SharedServer server;

    public Backend(SharedServer server) {
        this.server = server;
    }

    @Override
    public String name() {
        return "backend";
    }

    @Override
    public Running start(Setting setting) throws Exception {
        Output log = new Output(setting.log());
        Reply reply = Reply.of(200, "text/plain; charset=utf-8", "backend " + setting.tag() + "\n");
        Served served = server.join(setting, log);
        try {
            served.listen(setting.realPort().applyAsInt(PORT), _ -> reply);
        } catch (IOException e) {
            served.die(1);
            throw e;
        }
        log.line("backend " + setting.tag() + " listens on port " + PORT);
        return served.announcing(_ -> log.line("stopping"));
    }
}
