package dev.linnet.routing;

/**
 * A mistake of an object's author: what is wrong, and what would be right.
 *
 * @param object  the object that has the mistake
 * @param reason  which kind of mistake, for Events and for programs
 * @param path    where in it: {@code metadata.annotations[nginx.ingress.kubernetes.io/canary-weight]}
 * @param message {@code is "12%" (expected: a whole number from 0 to 100)}
 */
public record Problem(ObjectRef object, Reason reason, String path, String message) {

    /** Its text is the reason of the Kubernetes Event that tells the author. */
    public enum Reason {
        /** The value of an annotation cannot be understood, or contradicts another. */
        BAD_ANNOTATION("BadAnnotation"),
        /** The value of a key of the controller's ConfigMap cannot be understood. */
        BAD_OPTION("BadOption"),
        /** A field that the API lets pass but that no route can be made of. */
        BAD_SPEC("BadSpec"),
        /** Understood elsewhere, but Linnet does not do it. */
        NOT_OBEYED("NotObeyed"),
        /** A canary that finds no route to belong to. */
        CANARY_NOT_ATTACHED("CanaryNotAttached"),
        /** The canaries of one route ask for more than all of its requests. */
        WEIGHTS_EXCEED_TOTAL("WeightsExceedTotal"),
        /** An older object serves this route. */
        ROUTE_TAKEN("RouteTaken"),
        /** A rule that no request can ever meet. */
        DEAD_RULE("DeadRule"),
        /** A Service that does not offer what a route asks of it. */
        BAD_SERVICE("BadService"),
        /** A Secret that does not hold what an object asks of it. */
        BAD_SECRET("BadSecret");

        private final String word;

        Reason(String word) {
            this.word = word;
        }

        /** Whether it may pass without a change of the object: Pods become ready, Services are applied a moment later. */
        public boolean mayPass() {
            return this == BAD_SERVICE;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    @Override
    public String toString() {
        return object + ": " + path + " " + message;
    }
}
