package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Passes requests for a container's log on to the agent of the node that runs it. */
final class PodLogs {
    private static final int BUFFER = 16 << 10;

    private final NodeAgents agents;
    private final AgentClient client;

    PodLogs(NodeAgents agents, AgentClient client) {
        this.agents = agents;
        this.client = client;
    }

    Reply log(Call call, Target target) {
        ObjectNode pod = agents.pod(target);
        String container = NodeAgents.container(pod, target, call.query().text("container"));
        String query = call.query().raw();
        // Names of Pods and containers are DNS labels: nothing in them needs encoding.
        InputStream log = client.get(
                agents.of(pod, target),
                "/containerLogs/" + target.namespace() + "/" + target.name() + "/" + container
                        + (query.isEmpty() ? "" : "?" + query));
        return Reply.stream("text/plain", out -> copy(log, out));
    }

    /** Line by line as it comes, for those who follow. */
    static void copy(InputStream log, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (log) {
            out.flush();
            for (int read = log.read(buffer); read >= 0; read = log.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        }
    }
}
