package dev.linnet.apiserver.http;

import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.store.StoreClosed;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a caller is told where he cannot be answered. */
final class Failures {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** How an answer is made. */
    interface Answering {
        Reply answer() throws IOException;
    }

    static Reply told(String method, String path, Answering answering) {
        try {
            return answering.answer();
        } catch (ApiFailure e) {
            return Reply.json(e.code(), StatusObject.of(e));
        } catch (StoreClosed e) {
            return failed(503, "ServiceUnavailable", e);
        } catch (IOException e) {
            return failed(400, "BadRequest", e);
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("method", method)
                    .addKeyValue("path", path)
                    .setCause(e)
                    .log("Request failed");
            return failed(500, "InternalError", e);
        }
    }

    private static Reply failed(int code, String reason, Exception e) {
        String message = (code == 500 ? "Internal error occurred: " : "") + e.getMessage();
        return Reply.json(code, StatusObject.of(ApiFailure.of(code, reason, message)));
    }
}
