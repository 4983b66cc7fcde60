package dev.linnet.machine.node.stream;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;

/** How a command ended, as the Status that kubelet sends last. Kubectl takes its exit code from there. */
final class ExecStatus {
    private static final int WRONG = 500;

    private ExecStatus() {}

    static String ended(int exitCode) {
        if (exitCode == 0) {
            return Serialization.asJson(
                    new StatusBuilder().withStatus("Success").build());
        }
        return Serialization.asJson(new StatusBuilder()
                .withStatus("Failure")
                .withReason("NonZeroExitCode")
                .withMessage("command terminated with non-zero exit code: exit status " + exitCode)
                .withNewDetails()
                .addNewCause("", Integer.toString(exitCode), "ExitCode")
                .endDetails()
                .build());
    }

    static String notStarted(String message) {
        return Serialization.asJson(new StatusBuilder()
                .withStatus("Failure")
                .withReason("InternalError")
                .withCode(WRONG)
                .withMessage("Internal error occurred: error executing command in container: " + message)
                .build());
    }
}
