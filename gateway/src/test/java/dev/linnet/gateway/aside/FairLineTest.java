package dev.linnet.gateway.aside;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FairLineTest {
    private final FairLine<String> line = new FairLine<>(4);

    private void come(String client, int times) {
        for (int i = 1; i <= times; i++) {
            assertThat(line.add(client, client + i)).isEmpty();
        }
    }

    @Test
    void clientsAreServedInTurnAndEachInItsOrder() {
        come("a", 3);
        come("b", 1);

        assertThat(line.next()).hasValue("a1");
        assertThat(line.next()).hasValue("b1");
        assertThat(line.next()).hasValue("a2");
        assertThat(line.next()).hasValue("a3");
        assertThat(line.next()).isEmpty();
    }

    @Test
    void whoeverHasMostGivesWayWhenItIsFull() {
        come("a", 4);

        assertThat(line.add("a", "a5")).hasValue("a5");
        assertThat(line.add("b", "b1")).hasValue("a4");
        assertThat(line.add("b", "b2")).hasValue("a3");
        assertThat(line.add("b", "b3")).as("as many as the other has").hasValue("b3");

        assertThat(line.next()).hasValue("a1");
        assertThat(line.next()).hasValue("b1");
        assertThat(line.next()).hasValue("a2");
        assertThat(line.next()).hasValue("b2");
    }

    @Test
    void nobodyGivesWayToSomebodyWhoHasAsMuch() {
        for (String client : new String[] {"a", "b", "c", "d"}) {
            come(client, 1);
        }

        assertThat(line.add("e", "e1")).hasValue("e1");
    }
}
