/** What routes demand of their requests, as checks and edits: the acting side of {@code dev.linnet.routing.policy}. On event loops: nothing blocks. */
@NullMarked
package dev.linnet.gateway.policy;

import org.jspecify.annotations.NullMarked;
