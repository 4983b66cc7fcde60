/**
 * What may block or takes long, done beside the event loops on threads of its own: looking up names, checking passwords. Answers come back
 * by callback; whoever asks from an event loop has them brought there.
 */
@NullMarked
package dev.linnet.gateway.aside;

import org.jspecify.annotations.NullMarked;
