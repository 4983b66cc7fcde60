package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Jobs and CronJobs: defaults and checks. */
final class JobRules {
    private static final int RETRIES = 6;
    private static final int SUCCESSFUL_JOBS_KEPT = 3;
    private static final List<String> RESTART_POLICIES = List.of("OnFailure", "Never");

    private JobRules() {}

    static void applyJobDefaults(ObjectNode job) {
        applyToSpec(Json.object(job, "spec"));
        StatusDefaults.empty(job);
    }

    private static void applyToSpec(ObjectNode spec) {
        if (!Json.isSet(spec, "parallelism")) {
            Json.putDefault(spec, "completions", 1);
        }
        Json.putDefault(spec, "parallelism", 1);
        Json.putDefault(spec, "backoffLimit", RETRIES);
        Json.putDefault(spec, "completionMode", "NonIndexed");
        Json.putDefault(spec, "suspend", false);
        Json.putDefault(
                spec, "podReplacementPolicy", Json.isSet(spec, "podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        PodDefaults.applyToTemplate(spec);
    }

    static void applyCronJobDefaults(ObjectNode cronJob) {
        ObjectNode spec = Json.object(cronJob, "spec");
        Json.putDefault(spec, "concurrencyPolicy", "Allow");
        Json.putDefault(spec, "suspend", false);
        Json.putDefault(spec, "successfulJobsHistoryLimit", SUCCESSFUL_JOBS_KEPT);
        Json.putDefault(spec, "failedJobsHistoryLimit", 1);
        // A Job's own defaults are filled in when it is made; the template gets only those of its Pods.
        PodDefaults.applyToTemplate(Json.object(spec, "jobTemplate", "spec"));
        StatusDefaults.empty(cronJob);
    }

    static void checkJob(Field job, Violations violations) {
        checkSpec(job.at("spec"), violations);
    }

    private static void checkSpec(Field spec, Violations violations) {
        for (String count : List.of("parallelism", "completions", "backoffLimit", "ttlSecondsAfterFinished")) {
            violations.notNegative(spec.at(count));
        }
        PodSpecRules.checkAnyTemplate(spec.at("template"), violations);
        Field restart = spec.at("template", "spec", "restartPolicy");
        if (!RESTART_POLICIES.contains(restart.text())) {
            violations.required(restart, "valid values: \"OnFailure\", \"Never\"");
        }
    }

    static void checkCronJob(Field cronJob, Violations violations) {
        Field spec = cronJob.at("spec");
        if (spec.at("schedule").isZero()) {
            violations.required(spec.at("schedule"));
        }
        violations.oneOf(spec.at("concurrencyPolicy"), List.of("Allow", "Forbid", "Replace"));
        checkSpec(spec.at("jobTemplate", "spec"), violations);
    }
}
