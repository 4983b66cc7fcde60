/** The server's own certificate authority, its certificate, tokens and kubeconfig. */
@NullMarked
package dev.linnet.apiserver.pki;

import org.jspecify.annotations.NullMarked;
