package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.controller.api.Canary;
import dev.linnet.controller.tell.About;
import dev.linnet.controller.tell.Teller;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.CanaryReader;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.step.Message;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OutboxTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Hearer quick = new Hearer(message -> told.add(message.text()));

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void aSlowReceiverDelaysNobodyElseAndGetsEachMessageOnce() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        List<String> late = new CopyOnWriteArrayList<>();
        Teller slow = new Hearer(message -> {
            answers.await();
            late.add(message.text());
        });
        Outbox outbox = new Outbox(List.of(slow, quick), threads);
        List<Message> messages = List.of(message("1-1"), message("1-2"));

        outbox.post(messages, about(), () -> {});
        // As turns do that come meanwhile.
        outbox.post(messages, about(), () -> {});
        await().untilAsserted(() -> assertThat(told).containsExactly("1-1", "1-2"));
        assertThat(late).isEmpty();
        assertThat(outbox.untold(messages, about())).isEqualTo(messages);

        answers.countDown();
        await().untilAsserted(() -> assertThat(late).containsExactly("1-1", "1-2"));
        await().untilAsserted(() -> assertThat(outbox.untold(messages, about())).isEmpty());
        assertThat(told).containsExactly("1-1", "1-2");
    }

    /** As Alerts are, with a chat that has gone and another one that is there. */
    @Test
    void receiversOfOneTellerDoNotWaitForEachOther() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        Teller chats = new Teller() {
            @Override
            public List<String> receivers(Message message, About about) {
                return List.of("gone", "there");
            }

            @Override
            public void tell(Message message, About about, String receiver) throws InterruptedException {
                if (receiver.equals("gone")) {
                    answers.await();
                }
                told.add(receiver + " " + message.text());
            }
        };
        Outbox outbox = new Outbox(List.of(chats), threads);
        List<Message> messages = List.of(message("1-1"), message("1-2"));

        outbox.post(messages, about(), () -> {});
        await().untilAsserted(() -> assertThat(told).containsExactly("there 1-1", "there 1-2"));
        assertThat(outbox.untold(messages, about())).isEqualTo(messages);

        answers.countDown();
        await().untilAsserted(() -> assertThat(outbox.untold(messages, about())).isEmpty());
        assertThat(told).containsExactly("there 1-1", "there 1-2", "gone 1-1", "gone 1-2");
    }

    @Test
    void whatCouldNotBeToldIsToldWhenItComesAgain() throws Exception {
        AtomicBoolean works = new AtomicBoolean();
        AtomicInteger attempts = new AtomicInteger();
        Teller failing = new Hearer(message -> {
            attempts.incrementAndGet();
            if (!works.get()) {
                throw new IllegalStateException("no");
            }
            told.add(message.text());
        });
        Outbox outbox = new Outbox(List.of(failing), threads);
        AtomicInteger woken = new AtomicInteger();
        List<Message> messages = List.of(message("1-1"));

        outbox.post(messages, about(), woken::incrementAndGet);
        await().untilAsserted(() -> assertThat(attempts).hasValue(1));
        assertThat(outbox.untold(messages, about())).isEqualTo(messages);
        works.set(true);
        await().untilAsserted(() -> {
            outbox.post(messages, about(), woken::incrementAndGet);
            assertThat(told).containsExactly("1-1");
        });
        await().untilAsserted(() -> assertThat(woken).hasValue(1));
        assertThat(outbox.untold(messages, about())).isEmpty();
    }

    private static Message message(String id) {
        return new Message.Event(id, false, id, Phase.PROGRESSING);
    }

    private static About about() throws Exception {
        Canary canary = Serialization.unmarshal("""
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: podinfo, namespace: test, uid: u1}
                spec:
                  provider: kubernetes
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                  service: {port: 80}
                  analysis: {interval: 1m, threshold: 1, iterations: 1}
                """, Canary.class);
        CanaryPlan plan =
                CanaryReader.read(new ObjectMetaBuilder(canary.getMetadata()).build(), canary.getSpec(), "nginx");
        return new About(canary, plan, "");
    }
}
