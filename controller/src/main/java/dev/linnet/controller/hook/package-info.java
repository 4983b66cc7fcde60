/** Webhooks of a Canary. */
@NullMarked
package dev.linnet.controller.hook;

import org.jspecify.annotations.NullMarked;
