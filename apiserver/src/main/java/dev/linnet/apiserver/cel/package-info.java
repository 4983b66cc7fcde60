/**
 * The rules of custom kinds ({@code x-kubernetes-validations}), written in CEL. Nothing here is loaded before a definition with rules
 * is met: CEL's libraries cost half a second and some tens of megabytes.
 */
@NullMarked
package dev.linnet.apiserver.cel;

import org.jspecify.annotations.NullMarked;
