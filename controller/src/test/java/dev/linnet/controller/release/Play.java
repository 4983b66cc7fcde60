package dev.linnet.controller.release;

import java.time.Duration;

/** A whole life: a team's service gets a Canary, and then its Deployment another image. */
enum Play {
    PROMOTION("podinfo:2", "Succeeded"),
    ROLLBACK("podinfo:2-bad", "Failed"),
    DEAD_ON_ARRIVAL("podinfo:2-broken", "Failed");

    private final String image;
    private final String end;

    Play(String image, String end) {
        this.image = image;
        this.end = end;
    }

    String endPhase() {
        return end;
    }

    /**
     * Plays it, and checks that nobody has lost a request to Pods that were not there.
     *
     * @return all that is left
     */
    String in(Scene scene) {
        return in(scene, By.NGINX);
    }

    String in(Scene scene, By provider) {
        scene.applies(provider.before());
        scene.pods().settle();
        scene.gateway().testsCanary(provider == By.KUBERNETES);
        scene.applies(provider.canary());
        scene.untilPhase("Initialized");
        scene.setsImage(image);
        scene.until(end, () -> scene.phase().equals(end) && scene.replicas("podinfo") == 0);
        scene.until("everything is told", scene::isAllTold);
        scene.passes(Duration.ofSeconds(5));
        scene.nobodyLostARequest();
        return scene.end();
    }
}
