"""How the world sees the chamber: REST, WebSocket, MQTT, metrics, sign-in.

A process of its own: it may hang, leak or be attacked, and the scan does not notice. It holds no interlock and decides
nothing about cold or people; it passes commands on and shows what the control process publishes.
"""
