package dev.linnet.machine.podproxy;

import java.util.List;
import java.util.Locale;

/** What a proxy is asked for, RFC 9112, 3.2. */
sealed interface ProxyRequest {

    Authority to();

    /** {@code CONNECT host:port}: bytes, both ways. */
    record Tunnel(Authority to) implements ProxyRequest {}

    /**
     * {@code GET http://host/path}: this request, passed on.
     *
     * @param head    for the next hop
     * @param lasting whether the caller can use the connection for another request
     */
    record Forward(Authority to, String method, Head head, Framing body, boolean lasting) implements ProxyRequest {

        boolean hasBody() {
            return !(body instanceof Framing.None);
        }

        /** Whether the caller knows interim responses. */
        boolean isModern() {
            return head.firstLine().endsWith("HTTP/1.1");
        }
    }

    /** @throws Refusal also for requests that are not made to a proxy: those that a web page can make */
    static ProxyRequest of(Head head) throws Refusal {
        List<String> words = List.of(head.firstLine().split(" ", -1));
        if (words.size() != 3 || words.getFirst().isEmpty()) {
            throw new Refusal(400, "the request line is not one (expected: method target version)");
        }
        String version = words.get(2);
        if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
            throw new Refusal(505, "this proxy speaks HTTP/1.1 (within CONNECT anything else may be spoken)");
        }
        String target = words.get(1);
        if (words.getFirst().equals("CONNECT")) {
            return new Tunnel(Authority.parse(target, -1));
        }
        if (!target.toLowerCase(Locale.ROOT).startsWith("http://")) {
            throw notForAProxy(target);
        }
        return forward(head, words.getFirst(), target.substring("http://".length()), version);
    }

    private static Refusal notForAProxy(String target) {
        return target.toLowerCase(Locale.ROOT).startsWith("https://")
                ? new Refusal(400, "https is spoken within CONNECT here")
                : new Refusal(403, "this is a Pod's proxy: it serves programs that use it as such (http_proxy)");
    }

    private static Forward forward(Head head, String method, String target, String version) throws Refusal {
        int end = 0;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        Authority to = Authority.parse(target.substring(0, end), 80);
        String rest = target.substring(end);
        if (rest.indexOf('#') >= 0) {
            throw new Refusal(400, "a fragment in the target");
        }
        String path = rest.isEmpty() && method.equals("OPTIONS") ? "*" : rest.startsWith("/") ? rest : "/" + rest;
        Head next = head.forNextHop(method + " " + path + " " + version)
                .without("host")
                .with("Host", to.text());
        boolean modern = version.equals("HTTP/1.1");
        if (!modern) {
            if (!head.values("transfer-encoding").isEmpty()) {
                throw new Refusal(400, "Transfer-Encoding in HTTP/1.0");
            }
            next = next.with("Connection", "close");
        }
        return new Forward(to, method, next, Framing.ofRequest(head), modern && !head.closes());
    }
}
