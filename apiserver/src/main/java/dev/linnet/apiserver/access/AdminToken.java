package dev.linnet.apiserver.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** The one token that the kubeconfig carries. */
public final class AdminToken implements Authenticator {
    private final byte[] token;

    public AdminToken(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Optional<Identity> identify(String offered, List<String> audiences) {
        boolean same = MessageDigest.isEqual(token, offered.getBytes(StandardCharsets.UTF_8));
        return same && audiences.contains(API_AUDIENCE)
                ? Optional.of(new Identity(Caller.ADMIN, List.of(API_AUDIENCE)))
                : Optional.empty();
    }
}
