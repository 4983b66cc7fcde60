package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.RequestEdits;
import dev.linnet.gateway.http.ResponseEdits;

/** What one exchange changes in heads. Most change nothing, and share what says so. */
final class Edits {
    private RequestEdits request = RequestEdits.NONE;
    private ResponseEdits response = ResponseEdits.NONE;

    /** What changes in the head for the backend; not to be written to, see {@link #editRequest}. */
    RequestEdits request() {
        return request;
    }

    /** The same, for whoever has a change to make. */
    RequestEdits editRequest() {
        if (request == RequestEdits.NONE) {
            request = new RequestEdits();
        }
        return request;
    }

    /** What changes in the head for the client, whoever answers; not to be written to, see {@link #editResponse}. */
    ResponseEdits response() {
        return response;
    }

    /** The same, for whoever has a change to make. */
    ResponseEdits editResponse() {
        if (response == ResponseEdits.NONE) {
            response = new ResponseEdits();
        }
        return response;
    }
}
