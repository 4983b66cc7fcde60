package dev.linnet.manifests.ingress;

import dev.linnet.manifests.ingress.Judgement.Standing;

/**
 * What becomes of one part of an object.
 *
 * @param what  an annotation, a key, or a path into the spec
 * @param words the rest of a sentence that begins with it; empty if there is nothing to say
 */
public record Finding(String what, Standing standing, String words) {
    static Finding of(String what, Judgement judgement) {
        return new Finding(what, judgement.standing(), judgement.words());
    }
}
