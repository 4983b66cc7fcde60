package dev.linnet.routing;

import dev.linnet.routing.CanarySelector.Spread;

/** Picks the requests of one canary's share. */
@FunctionalInterface
interface Picker {
    /**
     * Whether a request that nothing else has decided is among them.
     *
     * @param part of 62 bits
     */
    boolean picks(RequestView request, Dealer dealer, long part);

    /**
     * A picker.
     *
     * @param crowd which users come first
     * @param turn  the number of this canary among those with exact shares
     */
    static Picker of(Spread spread, String crowd, int turn) {
        return switch (spread) {
            case Spread.Random _ -> (_, dealer, part) -> dealer.draw() < part;
            case Spread.Exact _ -> (_, dealer, part) -> dealer.turn(turn, part);
            case Spread.Sticky(CanarySelector.UserKey key) -> sticky(Users.of(key, crowd));
        };
    }

    private static Picker sticky(Users users) {
        return (request, dealer, part) -> {
            long bucket = users.bucket(request, dealer);
            return bucket != Users.UNKNOWN && bucket < part;
        };
    }
}
