package dev.linnet.rollout.step;

/** Who gets the requests. */
public sealed interface Traffic {
    Traffic ALL_PRIMARY = new Split(0);
    Traffic ALL_CANARY = new Split(100);

    /** The canary's share in percent: of all requests, or of those of an audience. */
    int canary();

    /** Each version its share; the canary's in percent. */
    record Split(int canary) implements Traffic {
        public Split {
            if (canary < 0 || canary > 100) {
                throw new IllegalArgumentException("canary is " + canary + " (expected: 0 to 100)");
            }
        }
    }

    /** Of the audience of the plan the canary gets its share, in percent; all others meet the primary. */
    record Audience(int canary) implements Traffic {
        public Audience {
            if (canary < 1 || canary > 100) {
                throw new IllegalArgumentException("canary is " + canary + " (expected: 1 to 100)");
            }
        }
    }

    /** All meet the primary; this many percent are copied to the canary, 0 being the provider's default. */
    record Mirrored(int percent) implements Traffic {
        @Override
        public int canary() {
            return 0;
        }
    }
}
