package dev.linnet.apiserver.patch;

import static dev.linnet.apiserver.patch.TestSchema.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.schema.Schema;
import java.time.Instant;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for any configuration, tried on seeded random ones. */
class FieldOwnershipProperties {
    private static final Schema DEPLOYMENT = TestSchema.named("Deployment");
    private static final ObjectNode NOTHING = yaml("{}");
    private static final FieldSet IDENTITY = FieldSet.parse(yaml("{f:apiVersion: {}, f:metadata: {f:name: {}}}"));

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void applyingTwiceIsApplyingOnce(long seed) {
        Configurations random = new Configurations(seed);
        ObjectNode live = apply(apply(NOTHING, random.next(), "alice", 0), random.next(), "bob", 1);
        ObjectNode configuration = random.next();

        ObjectNode once = apply(live, configuration, "carol", 2);

        assertThat(apply(once, configuration, "carol", 3)).isEqualTo(once);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatOneAppliesAndDropsLeavesNoTraceBesideTheOthers(long seed) {
        Configurations random = new Configurations(seed);
        ObjectNode live = apply(NOTHING, random.next(), "alice", 0);
        ObjectNode mine = live.deepCopy();
        mine.withObject("/metadata").remove("managedFields");

        ObjectNode both = apply(live, onlyNew(random.next(), live), "bob", 1);
        ObjectNode left = apply(both, yaml("{apiVersion: apps/v1, metadata: {name: web}}"), "bob", 2);

        left.withObject("/metadata").remove("managedFields");
        assertThat(left).isEqualTo(mine);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyAppliedLeafIsInTheObjectAndOwned(long seed) {
        Configurations random = new Configurations(seed);
        ObjectNode live = apply(NOTHING, random.next(), "alice", 0);
        ObjectNode configuration = random.next();

        ObjectNode after = apply(live, configuration, "bob", 1);

        FieldSet owned = Fields.of(configuration, DEPLOYMENT);
        assertThat(Fields.of(after, DEPLOYMENT).and(owned)).isEqualTo(owned);
        assertThat(Comparison.between(after, after.deepCopy(), DEPLOYMENT, true)
                        .changed()
                        .isEmpty())
                .isTrue();
        Owner bob = new Owner("bob", true, "", "");
        FieldSet entry =
                ManagedFields.parse(after.at("/metadata/managedFields")).fields(bob);
        assertThat(entry).isEqualTo(owned.minus(IDENTITY));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anUpdateThatReplacesTheWholeObjectOwnsTheDifference(long seed) {
        Configurations random = new Configurations(seed);
        ObjectNode live = apply(NOTHING, random.next(), "alice", 0);
        ObjectNode next = random.next();

        ObjectNode after = FieldOwnership.afterUpdate(
                live, next, DEPLOYMENT, new Writer("bob", "", "apps/v1", true, Instant.EPOCH));

        ObjectNode withoutEntries = after.deepCopy();
        withoutEntries.withObject("/metadata").remove("managedFields");
        assertThat(withoutEntries).isEqualTo(next);
        FieldSet all = ManagedFields.parse(after.at("/metadata/managedFields")).all();
        FieldSet leaves = Fields.of(next, DEPLOYMENT).minus(IDENTITY);
        assertThat(leaves.minus(all)).isEqualTo(FieldSet.EMPTY);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void fieldSetsSurviveTheirJson(long seed) {
        FieldSet set = Fields.of(new Configurations(seed).next(), DEPLOYMENT);

        assertThat(FieldSet.parse(set.toJson())).isEqualTo(set);
        assertThat(set.minus(set)).isEqualTo(FieldSet.EMPTY);
        assertThat(set.and(set)).isEqualTo(set);
        assertThat(set.plus(set)).isEqualTo(set);
    }

    private static ObjectNode apply(ObjectNode live, ObjectNode configuration, String manager, long second) {
        Writer writer = new Writer(manager, "", "apps/v1", true, Instant.ofEpochSecond(second));
        return FieldOwnership.afterApply(live, configuration, DEPLOYMENT, true, writer);
    }

    /** Without fields that {@code live} has, so that dropping them later has only own ones to remove. */
    private static ObjectNode onlyNew(ObjectNode configuration, ObjectNode live) {
        FieldSet taken = Fields.of(live, DEPLOYMENT);
        return Removing.from(configuration, Fields.of(configuration, DEPLOYMENT).and(taken), DEPLOYMENT);
    }

    /** Random configurations of one Deployment, drawn from few names so that they overlap. */
    private record Configurations(Random random) {
        Configurations(long seed) {
            this(new Random(seed));
        }

        ObjectNode next() {
            ObjectNode object = yaml("{apiVersion: apps/v1, metadata: {name: web}}");
            for (String label : new String[] {"a", "b", "c"}) {
                if (random.nextInt(3) == 0) {
                    object.withObject("/metadata/labels").put(label, "v" + random.nextInt(3));
                }
            }
            if (random.nextBoolean()) {
                object.withObject("/spec").put("replicas", random.nextInt(4));
            }
            if (random.nextInt(3) == 0) {
                object.withObject("/spec/selector/matchLabels").put("app", "v" + random.nextInt(2));
            }
            for (String name : new String[] {"app", "side", "log"}) {
                if (random.nextInt(3) > 0) {
                    container(object.withObject("/spec/template/spec").withArray("containers"), name);
                }
            }
            return object;
        }

        private void container(ArrayNode containers, String name) {
            ObjectNode container = containers.addObject().put("name", name);
            if (random.nextBoolean()) {
                container.put("image", name + ":" + random.nextInt(3));
            }
            for (int i = 0; i < 3; i++) {
                if (random.nextInt(3) == 0) {
                    container.withArray("env").addObject().put("name", "E" + i).put("value", "" + random.nextInt(2));
                }
            }
            if (random.nextInt(3) == 0) {
                container.withArray("args").add("x" + random.nextInt(3));
            }
            if (random.nextInt(3) == 0) {
                container.withObject("/resources/limits").put("cpu", random.nextInt(3) + 1);
            }
        }
    }
}
