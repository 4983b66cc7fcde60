package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Role-based access control, as somebody meets it who is not the administrator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessRulesTest {
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path directory) {
        server = TestServer.ephemeral(directory);
        server.post(MAPS, """
                {"metadata":{"name":"known"},"data":{"a":"1"}}""");
        server.post(MAPS, """
                {"metadata":{"name":"other"},"data":{"a":"2"}}""");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private void role(String namespace, String name, String rules) {
        assertThat(server.post(RBAC + "/namespaces/" + namespace + "/roles", """
                {"metadata":{"name":"%s"},"rules":[%s]}""".formatted(name, rules))
                        .code())
                .isEqualTo(201);
    }

    private void clusterRole(String name, String rules) {
        assertThat(server.post(RBAC + "/clusterroles", """
                {"metadata":{"name":"%s"},"rules":[%s]}""".formatted(name, rules))
                        .code())
                .isEqualTo(201);
    }

    /** @param subject {@code User:jane}, {@code Group:team} or {@code ServiceAccount:ns/name} */
    private void bind(String namespace, String role, String subject) {
        String[] parts = subject.split(":", 2);
        String[] account = parts[1].split("/", -1);
        String who = parts[0].equals("ServiceAccount")
                ? "{\"kind\":\"ServiceAccount\",\"namespace\":\"" + account[0] + "\",\"name\":\"" + account[1] + "\"}"
                : "{\"kind\":\"" + parts[0] + "\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"" + parts[1]
                        + "\"}";
        String where = namespace.isEmpty() ? "/clusterrolebindings" : "/namespaces/" + namespace + "/rolebindings";
        String[] named = role.split("/", -1);
        assertThat(server.post(RBAC + where, """
                {"metadata":{"generateName":"b-"},"subjects":[%s],
                 "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"%s","name":"%s"}}""".formatted(who, named[0], named[1]))
                        .code())
                .isEqualTo(201);
    }

    @Test
    void refusesWhatNoRuleAllowsInTheWordsOfKubernetes() {
        TestServer jane = server.as("nobody-knows-me");

        TestServer.Answer one = jane.get(MAPS + "/known");

        assertThat(one.code()).isEqualTo(403);
        assertThat(one.message())
                .isEqualTo("configmaps \"known\" is forbidden: User \"nobody-knows-me\" cannot get resource"
                        + " \"configmaps\" in API group \"\" in the namespace \"default\"");
        assertThat(one.text("/reason")).isEqualTo("Forbidden");
        assertThat(one.json().path("details").toString()).isEqualTo("{\"name\":\"known\",\"kind\":\"configmaps\"}");
        assertThat(jane.get("/apis/apps/v1/deployments").message())
                .isEqualTo("deployments.apps is forbidden: User \"nobody-knows-me\" cannot list resource"
                        + " \"deployments\" in API group \"apps\" at the cluster scope");
        assertThat(jane.get("/api/v1/namespaces/default").message())
                .isEqualTo("namespaces \"default\" is forbidden: User \"nobody-knows-me\" cannot get resource"
                        + " \"namespaces\" in API group \"\" in the namespace \"default\"");
        assertThat(jane.patch("/apis/apps/v1/namespaces/default/deployments/web/scale", "merge", "{}")
                        .message())
                .isEqualTo("deployments.apps \"web\" is forbidden: User \"nobody-knows-me\" cannot patch resource"
                        + " \"deployments/scale\" in API group \"apps\" in the namespace \"default\"");
        assertThat(jane.get("/metrics").message())
                .isEqualTo("forbidden: User \"nobody-knows-me\" cannot get path \"/metrics\"");
        assertThat(jane.get("/apis").code())
                .as("whoever is known may look what there is")
                .isEqualTo(200);
    }

    @Test
    void aRoleHoldsInItsNamespaceFromTheAnswerToItsBindingUntilThatIsGone() {
        server.post("/api/v1/namespaces", """
                {"metadata":{"name":"elsewhere"}}""");
        role("default", "reader", """
                {"apiGroups":[""],"resources":["configmaps"],"verbs":["get","list"]}""");
        TestServer jane = server.as("jane");

        bind("default", "Role/reader", "User:jane");

        assertThat(jane.get(MAPS).code()).isEqualTo(200);
        assertThat(jane.get(MAPS + "/known").code()).isEqualTo(200);
        assertThat(jane.get("/api/v1/namespaces/elsewhere/configmaps").code()).isEqualTo(403);
        assertThat(jane.get("/api/v1/configmaps").code()).isEqualTo(403);
        assertThat(jane.delete(MAPS + "/known").code()).isEqualTo(403);

        server.delete(RBAC + "/namespaces/default/rolebindings");

        assertThat(jane.get(MAPS).code()).isEqualTo(403);
    }

    @Test
    void aRuleForNamedObjectsAllowsTheseAloneAlsoToListAndWatchThem() {
        clusterRole("one-map", """
                {"apiGroups":[""],"resources":["configmaps"],"resourceNames":["known"],"verbs":["get","list","create"]}""");
        bind("", "ClusterRole/one-map", "User:careful");
        TestServer careful = server.as("careful");

        assertThat(careful.get(MAPS + "/known").code()).isEqualTo(200);
        assertThat(careful.get(MAPS + "/other").code()).isEqualTo(403);
        assertThat(careful.get(MAPS).code()).isEqualTo(403);
        assertThat(careful.get(MAPS + "?fieldSelector=metadata.name%3Dknown")
                        .json()
                        .path("items"))
                .hasSize(1);
        assertThat(careful.post(MAPS, """
                {"metadata":{"name":"known"}}""").code())
                .as("a new object has no name yet")
                .isEqualTo(403);
    }

    @Test
    void subresourcesAreAllowedByTheirOwnNames() {
        server.post("/apis/apps/v1/namespaces/default/deployments", """
                {"metadata":{"name":"scaled"},"spec":{"selector":{"matchLabels":{"app":"scaled"}},"template":{
                  "metadata":{"labels":{"app":"scaled"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        clusterRole("any-scale", """
                {"apiGroups":["*"],"resources":["*/scale"],"verbs":["*"]}""");
        bind("", "ClusterRole/any-scale", "User:scaler");
        TestServer scaler = server.as("scaler");

        assertThat(scaler.get("/apis/apps/v1/namespaces/default/deployments/scaled/scale")
                        .code())
                .isEqualTo(200);
        assertThat(scaler.get("/apis/apps/v1/namespaces/default/deployments/scaled")
                        .code())
                .isEqualTo(403);
    }

    @Test
    void groupsAndServiceAccountsAreWhoTheyAre() {
        clusterRole("see-nodes", """
                {"apiGroups":[""],"resources":["nodes"],"verbs":["list"]}""");
        bind("", "ClusterRole/see-nodes", "Group:team-a");
        bind("", "ClusterRole/see-nodes", "ServiceAccount:kube-system/agent");
        bind("", "ClusterRole/see-nodes", "Group:system:serviceaccounts:kube-public");

        assertThat(server.as("ann", "team-a").get("/api/v1/nodes").code()).isEqualTo(200);
        assertThat(server.as("bob", "team-b").get("/api/v1/nodes").code()).isEqualTo(403);
        assertThat(server.as("system:serviceaccount:kube-system:agent")
                        .get("/api/v1/nodes")
                        .code())
                .isEqualTo(200);
        assertThat(server.as("system:serviceaccount:default:agent")
                        .get("/api/v1/nodes")
                        .code())
                .isEqualTo(403);
        assertThat(server.as("system:serviceaccount:kube-public:anyone")
                        .get("/api/v1/nodes")
                        .code())
                .isEqualTo(200);
    }

    @Test
    void pathsAreAllowedUpToTheirStar() {
        clusterRole("see-openapi", """
                {"nonResourceURLs":["/openapi/v3/*"],"verbs":["get"]}""");
        bind("", "ClusterRole/see-openapi", "Group:system:unauthenticated");
        TestServer nobody = server.anonymously();

        assertThat(nobody.get("/openapi/v3/api/v1").code()).isEqualTo(200);
        assertThat(nobody.get("/openapi/v2").code()).isEqualTo(403);
        assertThat(nobody.get("/version").code()).isEqualTo(200);
    }

    @Test
    void everybodyMayAskWhatTheyMay() {
        bind("default", "ClusterRole/view", "User:viewer");
        TestServer viewer = server.as("viewer");
        String reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

        TestServer.Answer yes = viewer.post(reviews, """
                {"spec":{"resourceAttributes":{"namespace":"default","verb":"list","resource":"pods"}}}""");
        TestServer.Answer no = viewer.post(reviews, """
                {"spec":{"resourceAttributes":{"namespace":"default","verb":"get","resource":"secrets"}}}""");
        TestServer.Answer rules = viewer.post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", """
                {"spec":{"namespace":"default"}}""");

        assertThat(yes.json().at("/status/allowed").asBoolean()).isTrue();
        assertThat(yes.text("/status/reason"))
                .startsWith("RBAC: allowed by RoleBinding \"b-")
                .endsWith("/default\" of ClusterRole \"view\" to User \"viewer\"");
        assertThat(no.json().at("/status/allowed").asBoolean()).isFalse();
        assertThat(rules.json().at("/status/resourceRules").toString()).contains("\"configmaps\"", "\"namespaces\"");
        assertThat(rules.json().at("/status/nonResourceRules").toString()).contains("/apis/*");
    }

    @Test
    void whoMayDoWhatIsAskedByThoseWhoMayAsk() {
        String reviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
        String question = """
                {"spec":{"user":"stranger","groups":["system:authenticated"],"nonResourceAttributes":{"path":"/apis","verb":"get"}}}""";

        assertThat(server.as("stranger").post(reviews, question).code()).isEqualTo(403);
        assertThat(server.post(reviews, question).json().at("/status/allowed").asBoolean())
                .isTrue();
        assertThat(server.post(reviews, "{\"spec\":{\"user\":\"x\"}}").message())
                .isEqualTo("SubjectAccessReview.authorization.k8s.io \"\" is invalid: spec.resourceAttributes: Required"
                        + " value: exactly one of nonResourceAttributes or resourceAttributes must be specified");
    }

    @Test
    void aggregatedRolesGatherWhatIsLabelledForThem() {
        assertThat(server.get(RBAC + "/clusterroles/admin").json().path("rules").toString())
                .contains("rolebindings", "pods/exec", "poddisruptionbudgets/status");
        bind("", "ClusterRole/view", "User:curious");

        server.post(RBAC + "/clusterroles", """
                {"metadata":{"name":"view-canaries","labels":{"rbac.authorization.k8s.io/aggregate-to-view":"true"}},
                 "rules":[{"apiGroups":["flagger.app"],"resources":["canaries"],"verbs":["list"]}]}""");

        await().untilAsserted(() -> assertThat(server.as("curious")
                        .get("/apis/flagger.app/v1beta1/canaries")
                        .code())
                .as("allowed, but no such kind is served")
                .isEqualTo(404));
        await().untilAsserted(() -> assertThat(server.get(RBAC + "/clusterroles/edit")
                        .json()
                        .path("rules")
                        .toString())
                .contains("canaries"));
    }

    @Test
    void nobodyGivesWhatHeDoesNotHave() {
        bind("default", "ClusterRole/admin", "User:owner");
        TestServer owner = server.as("owner", "staff");
        String roles = RBAC + "/namespaces/default/roles";
        String bindings = RBAC + "/namespaces/default/rolebindings";

        TestServer.Answer more = owner.post(roles, """
                {"metadata":{"name":"more"},"rules":[{"apiGroups":[""],"resources":["nodes","pods"],"verbs":["get","list"]}]}""");
        TestServer.Answer same = owner.post(roles, """
                {"metadata":{"name":"same"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list"]}]}""");
        TestServer.Answer root = owner.post(bindings, """
                {"metadata":{"name":"root"},"subjects":[{"kind":"User","name":"owner","apiGroup":"rbac.authorization.k8s.io"}],
                 "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"}}""");
        TestServer.Answer dangling = owner.post(bindings, """
                {"metadata":{"name":"none"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"none"}}""");

        assertThat(more.code()).isEqualTo(403);
        assertThat(more.message())
                .isEqualTo("roles.rbac.authorization.k8s.io \"more\" is forbidden: user \"owner\""
                        + " (groups=[\"staff\" \"system:authenticated\"]) is attempting to grant RBAC permissions not"
                        + " currently held:\n{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"get\" \"list\"]}");
        assertThat(same.code()).isEqualTo(201);
        assertThat(root.code()).isEqualTo(403);
        assertThat(root.message())
                .contains(
                        "{APIGroups:[\"*\"], Resources:[\"*\"], Verbs:[\"*\"]}\n{NonResourceURLs:[\"*\"], Verbs:[\"*\"]}");
        assertThat(dangling.code()).isEqualTo(404);
        assertThat(dangling.message()).isEqualTo("roles.rbac.authorization.k8s.io \"none\" not found");
    }

    @Test
    void whoeverMayEscalateOrBindIsNotAsked() {
        clusterRole("rbac-author", """
                {"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"verbs":["create","escalate"]},
                {"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterrolebindings"],"verbs":["create"]},
                {"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"resourceNames":["view"],"verbs":["bind"]}""");
        bind("", "ClusterRole/rbac-author", "User:author");
        TestServer author = server.as("author");
        String view = """
                {"metadata":{"generateName":"v-"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"}}""";

        assertThat(author.post(RBAC + "/clusterroles", """
                {"metadata":{"name":"all"},"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}""").code()).isEqualTo(201);
        assertThat(author.post(RBAC + "/clusterrolebindings", view).code()).isEqualTo(201);
        assertThat(author.post(RBAC + "/clusterrolebindings", view.replace("\"view\"", "\"edit\""))
                        .code())
                .isEqualTo(403);
    }

    @Test
    void onlyWhoHoldsEverythingWritesAggregationRules() {
        clusterRole("role-writer", """
                {"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"verbs":["create"]}""");
        bind("", "ClusterRole/role-writer", "User:collector");

        assertThat(server.as("collector").post(RBAC + "/clusterroles", """
                {"metadata":{"name":"collected"},"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"a":"b"}}]}}""").message())
                .isEqualTo("clusterroles.rbac.authorization.k8s.io \"collected\" is forbidden: must have cluster-admin"
                        + " privileges to use the aggregationRule");
    }

    @Test
    void anApplyThatCreatesNeedsTheRightToCreate() {
        clusterRole("patcher", """
                {"apiGroups":[""],"resources":["configmaps"],"verbs":["patch"]}""");
        bind("default", "ClusterRole/patcher", "User:patcher");
        TestServer patcher = server.as("patcher");

        TestServer.Answer fresh = patcher.patch(MAPS + "/fresh?fieldManager=p", "apply", "data: {a: b}");

        assertThat(fresh.code()).isEqualTo(403);
        assertThat(fresh.message()).contains("User \"patcher\" cannot create resource \"configmaps\"");
        assertThat(patcher.patch(MAPS + "/other?fieldManager=p", "apply", "data: {b: c}")
                        .code())
                .isEqualTo(200);
    }

    @Test
    void actingForOthersIsARightOfItsOwn() {
        clusterRole("deputy", """
                {"apiGroups":[""],"resources":["users"],"resourceNames":["boss"],"verbs":["impersonate"]}""");
        bind("", "ClusterRole/deputy", "ServiceAccount:default/deputy");
        clusterRole("boss", """
                {"apiGroups":[""],"resources":["secrets"],"verbs":["list"]}""");
        bind("", "ClusterRole/boss", "User:boss");
        server.post("/api/v1/namespaces/default/serviceaccounts", """
                {"metadata":{"name":"deputy"}}""");
        String token = server.post("/api/v1/namespaces/default/serviceaccounts/deputy/token", "{}")
                .text("/status/token");
        TestServer deputy = server.with(token);

        assertThat(deputy.get("/api/v1/secrets").code()).isEqualTo(403);
        assertThat(deputy.as("boss").get("/api/v1/secrets").code()).isEqualTo(200);
        assertThat(deputy.as("root").get("/api/v1/secrets").message())
                .isEqualTo("users \"root\" is forbidden: User \"system:serviceaccount:default:deputy\" cannot"
                        + " impersonate resource \"users\" in API group \"\" at the cluster scope");
        assertThat(deputy.as("boss", "system:masters").get("/api/v1/secrets").message())
                .startsWith("groups \"system:masters\" is forbidden");
        assertThat(deputy.as("system:serviceaccount:default:x")
                        .get("/api/v1/secrets")
                        .message())
                .isEqualTo("serviceaccounts \"x\" is forbidden: User \"system:serviceaccount:default:deputy\" cannot"
                        + " impersonate resource \"serviceaccounts\" in API group \"\" in the namespace \"default\"");
    }

    @Test
    void whoSomebodyIsAfterActingForOthers() {
        TestServer.Answer self = server.as("jo", "dev").post("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}");

        assertThat(self.text("/status/userInfo/username")).isEqualTo("jo");
        assertThat(self.json().at("/status/userInfo/groups").toString())
                .isEqualTo("[\"dev\",\"system:authenticated\"]");
    }

    @Test
    void aMissingRoleIsNamedToWhomItWouldHaveHelped() {
        bind("default", "Role/not-made-yet", "User:early");

        assertThat(server.as("early").get(MAPS).message())
                .endsWith(
                        "in the namespace \"default\": RBAC: role.rbac.authorization.k8s.io \"not-made-yet\" not found");
    }
}
