package dev.linnet.machine.node.http;

import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Lets in nobody but the API server: a web page cannot know the token, and is refused even if it did. */
final class Doorkeeper extends Handler.Wrapper {
    private static final String BEARER = "Bearer ";

    private final Predicate<String> isToken;

    /** @param isToken whether a token gives access; takes the same time whatever the answer */
    Doorkeeper(Predicate<String> isToken, Handler inside) {
        super(inside);
        this.isToken = isToken;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<Refusal> refusal = refusal(request);
        if (refusal.isPresent()) {
            return refusal.get().write(response, callback);
        }
        return super.handle(request, response, callback)
                || new Refusal(HttpStatus.NOT_FOUND_404, "404 page not found").write(response, callback);
    }

    private Optional<Refusal> refusal(Request request) {
        if (request.getHeaders().contains(HttpHeader.ORIGIN)
                || "cross-site".equals(request.getHeaders().get("Sec-Fetch-Site"))) {
            return Optional.of(new Refusal(HttpStatus.FORBIDDEN_403, "web pages are refused"));
        }
        String host = Request.getServerName(request);
        if (!host.equals(Request.getLocalAddr(request)) && !host.equals("localhost")) {
            return Optional.of(new Refusal(
                    HttpStatus.FORBIDDEN_403, "the request is for another host (expected: this node's address)"));
        }
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (authorization == null
                || !authorization.startsWith(BEARER)
                || !isToken.test(authorization.substring(BEARER.length()))) {
            return Optional.of(new Refusal(HttpStatus.UNAUTHORIZED_401, "Unauthorized"));
        }
        return request.getMethod().equals("GET")
                ? Optional.empty()
                : Optional.of(new Refusal(HttpStatus.METHOD_NOT_ALLOWED_405, "only GET is allowed"));
    }
}
