package dev.linnet.gateway.policy;

import dev.linnet.routing.policy.CallerOptions.Line;
import java.util.List;

/**
 * What somebody who was asked for leave has said.
 *
 * @param status       2xx gives leave, 401 and 403 refuse it
 * @param passedOn     headers for the backend
 * @param cookies      for the client
 * @param authenticate for the client: how to get leave
 */
record Decision(int status, List<Line> passedOn, List<String> cookies, List<String> authenticate) {
    Decision {
        passedOn = List.copyOf(passedOn);
        cookies = List.copyOf(cookies);
        authenticate = List.copyOf(authenticate);
    }

    boolean allows() {
        return status >= 200 && status < 300;
    }

    @Override
    public String toString() {
        return "Decision " + status; // the rest may be secret
    }
}
