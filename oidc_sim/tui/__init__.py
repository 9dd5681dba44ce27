"""The screen: panels, dialogs and bars over the simulator, which it asks ten times a second."""
