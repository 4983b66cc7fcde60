/** How the controller asks servers that others run: the one HTTP client for metric stores and alerts. */
@NullMarked
package dev.linnet.controller.fetch;

import org.jspecify.annotations.NullMarked;
