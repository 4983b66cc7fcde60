package dev.linnet.routing;

import dev.linnet.routing.CanarySelector.UserKey;

/**
 * Deals users into the buckets of one canary (spec, Appendix A.4): by a hash of what they are known by, salted with the name of the canary
 * or its joint release, so that each has other users first, and each replica the same.
 */
final class Users {
    /** The request has nothing that could be hashed. */
    static final long UNKNOWN = -1;

    private final Finder finder;
    private final long salt;

    private Users(Finder finder, long salt) {
        this.finder = finder;
        this.salt = salt;
    }

    static Users of(UserKey key, String crowd) {
        return new Users(finder(key), Hash64.of(crowd));
    }

    /** Finds the key in a request and hashes it. */
    private interface Finder {
        long bucket(RequestView request, Dealer dealer, long salt);
    }

    private static Finder finder(UserKey key) {
        return switch (key) {
            case UserKey.IssuedCookie _ -> issuedCookie(new Cookies(UserKey.ISSUED_COOKIE_NAME));
            case UserKey.Cookie(String name) -> cookie(new Cookies(name));
            case UserKey.Header(String name) -> header(new HeaderLines(name));
            case UserKey.Address _ -> Users::address;
        };
    }

    /** 62 bits, to be compared with a part of {@link Shares#WHOLE}; or {@link #UNKNOWN}. */
    long bucket(RequestView request, Dealer dealer) {
        return finder.bucket(request, dealer, salt);
    }

    private static long bucket(byte[] bytes, int start, int end, long salt) {
        return start == end ? UNKNOWN : Hash64.of(bytes, start, end, salt) >>> 2;
    }

    private static Finder cookie(Cookies cookies) {
        return (request, _, salt) -> {
            long found = cookies.find(request);
            return found == Cookies.NONE
                    ? UNKNOWN
                    : bucket(request.bytes(), Cookies.start(found), Cookies.end(found), salt);
        };
    }

    private static Finder issuedCookie(Cookies cookies) {
        Finder brought = cookie(cookies);
        return (request, dealer, salt) -> {
            long bucket = brought.bucket(request, dealer, salt);
            if (bucket != UNKNOWN) {
                return bucket;
            }
            byte[] id = dealer.newUser();
            return bucket(id, 0, id.length, salt);
        };
    }

    /** The first line of the header. */
    private static Finder header(HeaderLines lines) {
        return (request, _, salt) -> {
            int line = lines.next(request, 0);
            return line < 0 ? UNKNOWN : bucket(request.bytes(), request.valueStart(line), request.valueEnd(line), salt);
        };
    }

    private static long address(RequestView request, Dealer dealer, long salt) {
        byte[] address = request.clientAddress();
        return bucket(address, 0, Math.min(address.length, Long.BYTES), salt);
    }
}
