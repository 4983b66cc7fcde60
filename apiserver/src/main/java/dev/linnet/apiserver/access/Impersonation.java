package dev.linnet.apiserver.access;

import dev.linnet.apiserver.failure.ApiFailure;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Lets a caller act as somebody else ({@code kubectl --as}), as far as access rules allow it. */
final class Impersonation {
    private static final String VERB = "impersonate";
    private static final String USER = "impersonate-user";
    private static final String GROUP = "impersonate-group";
    private static final String UID = "impersonate-uid";
    private static final String EXTRA = "impersonate-extra-";
    private static final String AUTHENTICATION = "authentication.k8s.io";

    private final Authorizer authorizer;

    Impersonation(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    /**
     * Whom a caller acts as.
     *
     * @throws ApiFailure 403 for each thing that he may not claim, 400 where no user is named
     */
    Caller of(Caller sender, Map<String, List<String>> headers) {
        String user = first(headers, USER);
        List<String> groups = headers.getOrDefault(GROUP, List.of());
        String uid = first(headers, UID);
        Map<String, List<String>> extra = extra(headers);
        if (user.isEmpty()) {
            if (groups.isEmpty() && uid.isEmpty() && extra.isEmpty()) {
                return sender;
            }
            throw ApiFailure.badRequest("requested " + headers.keySet() + " without impersonating a user");
        }
        Optional<ServiceAccountName> account = ServiceAccountName.of(user);
        requireUser(sender, user, account);
        groups.forEach(group -> require(sender, "", "groups", "", group));
        extra.forEach(
                (key, values) -> values.forEach(value -> require(sender, AUTHENTICATION, "userextras", key, value)));
        if (!uid.isEmpty()) {
            require(sender, AUTHENTICATION, "uids", "", uid);
        }
        return new Caller(user, uid, groups(user, groups, account), extra);
    }

    private static String first(Map<String, List<String>> headers, String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        return values.isEmpty() ? "" : values.getFirst();
    }

    private static Map<String, List<String>> extra(Map<String, List<String>> headers) {
        Map<String, List<String>> extra = new TreeMap<>();
        headers.forEach((name, values) -> {
            if (name.startsWith(EXTRA)) {
                extra.put(decoded(name.substring(EXTRA.length())), values);
            }
        });
        return extra;
    }

    /** Keys may hold a slash, which a header's name may not. */
    private static String decoded(String key) {
        try {
            return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return key;
        }
    }

    private void requireUser(Caller sender, String user, Optional<ServiceAccountName> account) {
        if (account.isPresent()) {
            authorizer.require(
                    sender,
                    new Act.OnResource(
                            VERB,
                            "",
                            "serviceaccounts",
                            "",
                            account.get().namespace(),
                            account.get().name()));
        } else {
            require(sender, "", "users", "", user);
        }
    }

    private void require(Caller sender, String group, String resource, String subresource, String name) {
        authorizer.require(sender, new Act.OnResource(VERB, group, resource, subresource, "", name));
    }

    private static List<String> groups(String user, List<String> named, Optional<ServiceAccountName> account) {
        List<String> groups = new ArrayList<>(named);
        if (named.isEmpty()) {
            account.ifPresent(found -> groups.addAll(found.groups()));
        }
        if (user.equals(Caller.NOBODY)) {
            if (!groups.contains(Caller.UNAUTHENTICATED)) {
                groups.add(Caller.UNAUTHENTICATED);
            }
        } else if (!groups.contains(Caller.AUTHENTICATED) && !groups.contains(Caller.UNAUTHENTICATED)) {
            groups.add(Caller.AUTHENTICATED);
        }
        return groups;
    }
}
