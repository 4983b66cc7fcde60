package dev.linnet.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigRulesTest {
    private static final int MEBIBYTE = 1024 * 1024;

    @Test
    void takesAMebibyteOfTextAndBinaryContentTogether() {
        ObjectNode configMap = configMap(MEBIBYTE - 3);
        Json.object(configMap, "binaryData").put("b", Base64.getEncoder().encodeToString(new byte[3]));

        assertThat(lines(configMap)).isEmpty();
    }

    @Test
    void refusesOneByteMoreForTheWholeObject() {
        ObjectNode configMap = configMap(MEBIBYTE - 3);
        Json.object(configMap, "binaryData").put("b", Base64.getEncoder().encodeToString(new byte[4]));

        assertThat(lines(configMap)).containsExactly("[]: Too long: may not be more than 1048576 bytes");
    }

    @Test
    void countsWhatASecretHoldsAndNotItsBase64() {
        ObjectNode secret = Golden.yaml("{kind: Secret, metadata: {name: s}, type: Opaque}");
        Json.object(secret, "data").put("a", Base64.getEncoder().encodeToString(new byte[MEBIBYTE]));
        assertThat(lines(secret)).isEmpty();

        Json.object(secret, "data").put("a", Base64.getEncoder().encodeToString(new byte[MEBIBYTE + 1]));
        assertThat(lines(secret)).containsExactly("data: Too long: may not be more than 1048576 bytes");
    }

    private static ObjectNode configMap(int bytes) {
        ObjectNode configMap = Golden.yaml("{kind: ConfigMap, metadata: {name: c}}");
        Json.object(configMap, "data").put("a", "x".repeat(bytes));
        return configMap;
    }

    private static List<String> lines(ObjectNode object) {
        return Golden.kindOf(object).rules().validate(object).stream()
                .map(FieldError::line)
                .toList();
    }
}
